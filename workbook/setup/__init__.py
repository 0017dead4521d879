"""The virtual environment and the lock."""
