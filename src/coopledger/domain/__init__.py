"""Plain cooperative data and arithmetic; knows no file, no ledger and no law."""
