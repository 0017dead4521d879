"""The path from an empty folder: its steps, the learner's school, the proof."""
