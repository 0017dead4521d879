"""python -m workbook.mail: a local SMTP server whose mail is read in the browser."""

import sys

from workbook.panel.inbox.command import main

sys.exit(main())
