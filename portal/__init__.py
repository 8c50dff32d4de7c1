"""A whole CKAN portal, or only its services for tests, from Python packages: no Docker, no root, no compiler.

process    one component as a process: started, ready, stopped, found again after a crash
postgres   valkey   solr (jars, solr_schema)    how each service is prepared and started
services   the three services for tests        state   what a portal's data folder remembers
ckan_site  configuration and database of CKAN  web     the WSGI application that gunicorn serves
supervise  all parts of a portal, in order     cli     the command ``culturape-portal``
"""
