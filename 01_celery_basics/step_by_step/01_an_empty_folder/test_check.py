"""A Django project stands in the folder, and its front page is the learner's own."""


def front_page():
    """Inside the copy: what the front page answers."""
    from django.test import Client

    answer = Client().get("/")
    return {"status": answer.status_code, "text": answer.content.decode()[:20000]}


def test_the_project_is_in_your_folder(work):
    if (work.folder / "manage.py").is_file():
        return
    inner = sorted(path.parent.name for path in work.folder.glob("*/manage.py"))
    if inner:
        work.unmet(
            f"manage.py is one folder too deep: {inner[0]}/manage.py.",
            f"delete {inner[0]}/, and type the command with the dot at its end",
        )
    work.unmet(
        "There is no manage.py in your folder.",
        "the command `django-admin startproject config .`, typed in my_work/school/",
    )


def test_the_front_page_is_yours(work):
    page = work.call(front_page)
    if page["status"] == 404:
        work.unmet(
            'There is no front page. The front page is path("", ...), with nothing '
            "between the quotes.",
            "config/urls.py, urlpatterns",
        )
    if page["status"] != 200:
        work.unmet(
            "The front page fails.", "config/urls.py", wanted=200, got=page["status"]
        )
    if "The install worked successfully" in page["text"]:
        work.unmet("The front page is still Django's own.", "config/urls.py")
