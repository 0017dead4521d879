"""The course on a page: the exercises, how far one is, and the check's words, live."""
