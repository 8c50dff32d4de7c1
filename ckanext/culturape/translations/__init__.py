"""What CKAN and its companions do not say in Spanish, or say in other words than ours. The catalogue is ``i18n/overlay``."""
