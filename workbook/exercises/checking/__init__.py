"""One check of one copy: calls into it, real workers, words for the learner."""
