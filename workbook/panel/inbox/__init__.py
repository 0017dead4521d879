"""A mail server for the classroom: it takes every mail and delivers none of it."""
