"""`make test`: its parts, their run, their outcome."""
