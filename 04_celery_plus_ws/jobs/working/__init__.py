"""What a worker does with a job, and how it stays alive meanwhile."""
