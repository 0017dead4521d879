"""What each stage promises, used once as a visitor would: on any broker and database."""

import csv
import io
import json

import httpx

from workbook.visitor import Visitor


def report_by_age(client: httpx.Client, wait_for):
    """Stage 1: the report is asked for, written by a worker, and read."""
    answer = client.post("/api/students/by-age/")
    assert answer.status_code == 202, answer.text
    where = answer.json()["status_url"]
    wait_for(lambda: client.get(where).json()["state"] == "SUCCESS", what="the report")
    ages = [int(line.rpartition(", ")[2]) for line in report_lines(client)]
    assert len(ages) == 60
    assert ages == sorted(ages)


def report_lines(client) -> list[str]:
    return client.get("/reports/students-by-age.txt").text.splitlines()


def mailed_csv(run, client: httpx.Client, wait_for):
    """Stage 2: the CSV comes by mail, and says what the download says."""
    download = client.get("/reports/students/?format=csv")
    sent = client.post(
        "/reports/students/email/",
        data={"email": "ana@example.com"},
        headers={"Accept": "application/json"},
    )
    assert sent.status_code == 202, sent.text
    inbox = f"{run.inbox_url}/api/messages"
    mail = wait_for(lambda: client.get(inbox).json()["messages"])[0]
    attached = client.get(f"{run.inbox_url}{mail['attachments'][0]['url']}")
    assert attached.content == download.content
    assert len(list(csv.reader(io.StringIO(download.text)))) == 61


def chat(run):
    """Stage 3: what one says in a room, the other hears."""
    visitor, room = Visitor(run.url), "/ws/chat/servers/"
    with visitor.line(room) as one, visitor.line(room) as other:
        one.send(json.dumps({"message": "hello"}))
        for socket in (one, other):
            while json.loads(socket.recv(timeout=40)).get("message") != "hello":
                pass


def job_watched(run, wait_for):
    """Stage 4: a job is started, watched to its end, and downloaded whole: that answer."""
    ana = Visitor(run.url).login("ana", "classroom")
    started = ana.post("/jobs/", {"rows": 3000, "pause_ms": 0})
    assert started.status_code == 202, started.text
    job = started.json()
    with ana.line(job["socket_url"]) as socket:
        frames = [json.loads(frame) for frame in socket]
    ends = [frame for frame in frames if frame.get("final")]
    assert [end["state"] for end in ends] == ["succeeded"], frames
    file = ana.get(job["file_url"])
    assert len(file.text.splitlines()) == 3001
    return file
