"""A class's work, checked behind a wall."""
