"""The pages inside Fava."""
