"""What is fast and what is not, measured side by side on this machine."""
