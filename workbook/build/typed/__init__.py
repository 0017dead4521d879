"""What the pages of the steps show of terminals: typed, and compared."""
