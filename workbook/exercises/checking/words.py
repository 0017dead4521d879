"""What errors mean: their own text leads to one or two plain sentences."""

import re

# The error's own words (a regular expression) and what to do about it.
KNOWN = (
    (
        r"received unregistered task|NotRegistered",
        "The worker does not know the task: is its module called tasks.py, is its app in "
        "INSTALLED_APPS, and was the worker restarted?",
    ),
    (
        r"amqp://|Server unexpectedly closed|:5672",
        "Celery looks for RabbitMQ, its default: it has not read CELERY_BROKER_URL. Look "
        "at config_from_object and its namespace in config/celery.py.",
    ),
    (
        r"Retry limit exceeded|OperationalError.*refused|Error 111 connecting",
        "No broker answers: Redis is not running, or its address is wrong.",
    ),
    (
        r"No result backend|DisabledBackend",
        "Nobody keeps the results: set CELERY_RESULT_BACKEND.",
    ),
    (
        r"EncodeError|is not JSON serializable",
        "A message travels as JSON: send an id, a number or a text, and read the object "
        "from the database in the task.",
    ),
    (
        r"not enough values to unpack \(expected 3, got 0\)|task registry is empty",
        "On Windows the prefork pool does not work: start the worker with --pool=solo.",
    ),
    (
        r"'function' object has no attribute '(delay|apply_async|s|si)'",
        "It is a plain function: @shared_task above it makes it a task.",
    ),
    (
        r"didn't return an HttpResponse object",
        "The view gives nothing back: its last line begins with `return`.",
    ),
    (
        r"does not appear to have any patterns",
        "The list in urls.py must be called urlpatterns.",
    ),
    (
        r"missing 1 required positional argument: 'self'",
        "A task gets itself as `self` only when it asks for it: bind=True is missing.",
    ),
    (
        r"missing 1 required positional argument: 'request'",
        "In urls.py a view is named, not called: no brackets behind it.",
    ),
    (
        r"'type' object is not iterable",
        "One thing in brackets is no tuple: (TryLater,) has a comma at its end.",
    ),
    (
        r"object is not subscriptable",
        "A model's fields are attributes: student.name, not student['name'].",
    ),
    (
        r"list indices must be integers or slices, not str",
        "You read from the whole list where you want one item of it.",
    ),
    (
        r"SynchronousOnlyOperation|cannot call this from an async context",
        "The database was called in an `async def`: use Django's async methods (aget, "
        "acount, async for) or database_sync_to_async.",
    ),
    (
        r"cannot use AsyncToSync in the same thread",
        "async_to_sync is for code that is not async: in an `async def` write await.",
    ),
    (
        r"was never awaited|object coroutine can't be used|'coroutine' object",
        "A call of an `async def` function needs `await` before it.",
    ),
    (
        r"No route found for path",
        "The socket's address matches no pattern: look at the routing.",
    ),
    (
        r"group name must be|Group name.*valid",
        "A group's name has ASCII letters, digits, hyphens, underscores and periods only, "
        "under 100 of them.",
    ),
    (
        r"No module named 'django\.core\.mail\.backends",
        "The mail back end's name is misspelt: it is smtp, as in Simple Mail Transfer "
        "Protocol.",
    ),
    (r"BadHeaderError|Header values can't contain newlines", "A mail header is one line."),
    (
        r"No module named",
        "The name after `import` or in INSTALLED_APPS is misspelt, or the file is missing.",
    ),
    (
        r"cannot import name",
        "That module has no such name: it is misspelt, or you have not written it yet.",
    ),
    (r"no such table", "The database has no such table: run python manage.py migrate."),
    (r"database is locked", "Two processes write to SQLite: keep its four settings."),
    (
        r"SyntaxError|IndentationError|TabError",
        "Python cannot read this line, or the one above it.",
    ),
    (r"NameError", "The name is misspelt, or its import is missing."),
    (
        r"AttributeError",
        "The name after the dot is misspelt, or belongs to something else.",
    ),
    (
        r"takes .* positional argument|unexpected keyword|missing .* required",
        "Compare the call with the function's own first line.",
    ),
)


def advice(text: str) -> str:
    """Return what to do about an error with this text; "" when we do not know it."""
    for pattern, sentence in KNOWN:
        if re.search(pattern, text):
            return sentence
    return ""
