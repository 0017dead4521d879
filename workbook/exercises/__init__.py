"""Exercises that check themselves: the list, the learner's copy, the check, the class."""
