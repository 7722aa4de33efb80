"""The rule book: one small function for each rule."""
