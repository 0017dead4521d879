"""What runs in the room of a learner's copy. Nothing in here imports the workbook."""
