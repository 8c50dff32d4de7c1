"""Message catalogues of culturape."""
