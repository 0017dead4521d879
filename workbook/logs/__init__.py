"""What of the processes' logs the terminal shows; the log files keep all of it."""
