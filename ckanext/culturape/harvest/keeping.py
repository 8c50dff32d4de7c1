def keep(package_id, residue):
    pass
