"""What a person asks for: checking, closing, stating, federating, exporting."""
