"""Twenty slow tasks, sent as a visitor of the stage's own page sends them."""

import contextlib
import urllib.parse
import urllib.request

from workbook.run.stage_run import StageRun

COUNT = 20


def send_twenty(run: StageRun) -> int:
    """Ask the web for twenty slow tasks; return how many it accepted."""
    path, form = "/slow/task/", {"seconds": "2"}
    if run.stage.has_mail:
        path, form = "/reports/students/email/", {"email": "room@example.com"}
    data = urllib.parse.urlencode(form).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Accept": "application/json"}
    request = urllib.request.Request(run.url + path, data, headers)
    sent = 0
    for _ in range(COUNT):
        with contextlib.suppress(OSError), opener.open(request, timeout=10) as answer:
            sent += answer.status == 202
    return sent
