"""A POST sends the report's task; the task writes the file and says what it did."""


def post():
    """Inside the copy: ask for the report; return the answer and what was sent."""
    from celery import current_app
    from django.conf import settings
    from django.test import Client

    answer = Client().post("/api/students/by-age/")
    sent = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("default")
        while queue.qsize():
            sent.append(queue.get().headers)
    kind = answer.headers.get("Content-Type", "")
    return {
        "status": answer.status_code,
        "body": answer.json() if "json" in kind else None,
        "sent": [[headers["task"], headers["id"]] for headers in sent],
        "written": any(settings.DATA_DIR.rglob("*.txt")),
    }


def do():
    """Inside the copy: do the task here; its result must travel as JSON."""
    import json

    from django.conf import settings

    from reports.tasks import write_age_report
    from students.school import seed_school

    seed_school()
    result = json.loads(json.dumps(write_age_report(14, 14)))
    files = [path.read_text() for path in settings.DATA_DIR.rglob("*.txt")]
    return {"result": result, "files": files}


def test_a_post_is_accepted(work):
    seen = work.seen = work.call(post, database=True)
    if seen["status"] == 404:
        work.unmet("There is no page at /api/students/by-age/.", "config/urls.py")
    if seen["status"] == 405:
        work.unmet(
            "The page does not take a POST, or the students' own page answers there.",
            "reports/views.py, @api_view; config/urls.py: by-age before students.urls",
        )
    if seen["written"]:
        work.unmet(
            "The view wrote the report itself: the visitor waits.",
            "reports/views.py: .delay() sends",
        )
    if seen["status"] != 202:
        work.unmet("The status is not right.", wanted=202, got=seen["status"])


def test_one_task_is_sent_and_its_number_told(work):
    seen = work.seen
    names = [name for name, _ in seen["sent"]]
    if names != ["reports.tasks.write_age_report"]:
        work.unmet("Not just the report's task was sent.", got=names)
    if not seen["body"] or seen["body"].get("task_id") != seen["sent"][0][1]:
        work.unmet("The answer's task_id is not the task's id.", got=seen["body"])


def test_the_task_writes_the_report(work):
    seen = work.call(do, database=True)
    if len(seen["files"]) != 1 or "Pedro, 14\n" not in seen["files"][0]:
        work.unmet("No report in DATA_DIR.", "reports/tasks.py", got=seen["files"])
    count = len(seen["files"][0].splitlines())
    if not isinstance(seen["result"], dict) or seen["result"].get("students") != count:
        work.unmet("The result does not say how many.", wanted=count, got=seen["result"])
