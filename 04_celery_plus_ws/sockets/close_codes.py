"""Why a socket was closed.

Codes from 4000 on are an application's own. Of the others daphne, behind
runserver, sends only 1000.
"""

DONE = 1000
NOT_LOGGED_IN = 4401
NOT_FOUND = 4404
TOO_FAST = 4429
TRY_LATER = 4503
