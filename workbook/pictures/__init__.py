"""The moving pictures of the READMEs, filmed from real runs."""
