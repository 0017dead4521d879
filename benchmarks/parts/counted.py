"""The stage's own application, and at /queries how many database queries it has made."""

import itertools

from django.db.backends.signals import connection_created

from config.asgi import application as stage_application

queries = itertools.count()


def count(execute, *args):
    next(queries)
    return execute(*args)


def count_from_now_on(connection, **_):
    if count not in connection.execute_wrappers:
        connection.execute_wrappers.append(count)


connection_created.connect(count_from_now_on)


async def application(scope, receive, send):
    if scope["type"] != "http" or scope["path"] != "/queries":
        await stage_application(scope, receive, send)
        return
    number = queries.__reduce__()[1][0]  # without counting this look
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(number).encode()})
