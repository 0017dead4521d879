"""The feedback is mailed in the request: the visitor waits."""

WORDS = "The canteen is too small."


def visit(address, words):
    """Inside the copy: open the form and send it, as a browser does."""
    import time

    from django.core import mail
    from django.test import Client

    slept = []
    time.sleep = slept.append
    client = Client(enforce_csrf_checks=True)
    page = client.get("/feedback/blocking/")
    seen = {"page": page.status_code, "html": page.content.decode()[:20000]}
    if page.status_code != 200:
        return seen
    token = str(page.context.get("csrf_token") or "") if page.context else ""
    fields = {"email": address, "message": words}
    if "csrfmiddlewaretoken" in seen["html"]:
        fields["csrfmiddlewaretoken"] = token
    answer = client.post("/feedback/blocking/", fields)
    mails = [{"to": list(one.to), "text": one.body} for one in mail.outbox]
    return seen | {"post": answer.status_code, "slept": sum(slept), "mails": mails}


def test_the_form_has_its_address(work):
    work.seen = work.call(visit, "ana@example.com", WORDS)
    if work.seen["page"] == 404:
        work.unmet("There is no page at /feedback/blocking/ yet.", "config/urls.py")
    if "<form" not in work.seen["html"]:
        work.unmet("The page has no form.", "feedback/templates/feedback/form.html")
    if "This field is required" in work.seen["html"]:
        work.unmet(
            "The form complains before anything was typed in.",
            "feedback/views.py: request.POST or None",
        )


def test_the_form_is_taken(work):
    if work.seen["post"] == 403:
        work.unmet(
            "The form is refused (403): it has no {% csrf_token %}.",
            "feedback/templates/feedback/form.html",
        )
    if work.seen["post"] not in (200, 302, 303):
        work.unmet("The form is not taken.", wanted=200, got=work.seen["post"])


def test_the_school_gets_the_mail(work):
    mails = work.seen["mails"]
    if len(mails) != 1:
        work.unmet("Not one mail was sent.", wanted=1, got=len(mails))
    if "ana@example.com" in mails[0]["to"]:
        work.unmet(
            "The mail goes to the address that was typed in: so anybody may mail anybody, "
            "in your name.",
            "feedback/views.py, the last list of send_mail",
        )
    if WORDS not in mails[0]["text"]:
        work.unmet("The mail does not say what the visitor wrote.", got=mails[0]["text"])


def test_the_visitor_waits(work):
    if not work.seen["slept"]:
        work.unmet(
            "The page does not wait for the provider.",
            "feedback/views.py: time.sleep(settings.MAIL_PAUSE)",
        )
