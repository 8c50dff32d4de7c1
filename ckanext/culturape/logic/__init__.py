"""Actions, authorisation and validation that CKAN calls."""
