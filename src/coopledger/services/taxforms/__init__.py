"""Tax forms as data: which box or column of which edition has which meaning."""
