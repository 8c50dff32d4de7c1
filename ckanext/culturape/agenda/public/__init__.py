"""Needs that people state who belong to no organisation: stated in three steps, seen by others once an institution has read them.

- ``statement``: what a person says, and what is wrong with it (pure). ``sender``: who said it, in a table that no record shows.
- ``stating``: the action. ``receivers``: which organisation answers. ``similar``: what is asked for or published already.
- ``moderating``: what waits for somebody to read it. ``readers``: who sees a need before it is public. ``views``: the pages.
"""
