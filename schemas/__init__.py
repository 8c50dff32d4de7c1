"""The schemas of culturape: the only place where a field is declared."""
