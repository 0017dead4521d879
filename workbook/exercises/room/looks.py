"""What a check looks at from outside the learner's code: queues, tables, files.

These run in the room, but in a process that never loads the copy: a module that lies
about what it has done can lie to its caller, not to them.
"""

import base64
import json


def messages(url):
    """Return the tasks that wait in a Redis, in no queue's order but their own."""
    import redis

    client, found = redis.Redis.from_url(url), []
    queues = [key for key in client.scan_iter() if client.type(key) == b"list"]
    for queue in queues:
        for text in client.lrange(queue, 0, -1):
            message = json.loads(text)
            args, kwargs, _ = json.loads(base64.b64decode(message["body"]))
            headers = message["headers"]
            about = {name: headers[name] for name in ("id", "task", "eta", "expires")}
            found.append({"queue": queue.decode(), "args": args, "kwargs": kwargs} | about)
    return found


def rows(database, question, values):
    """Return what an SQL question finds in the check's database."""
    import sqlite3

    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(question, values).fetchall()


def texts(folder):
    """Return {name: text} of the files in a folder."""
    from pathlib import Path

    found = Path(folder).iterdir() if Path(folder).is_dir() else []
    return {file.name: file.read_text(errors="replace") for file in sorted(found)}
