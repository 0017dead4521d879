"""A second worker comes while the first is sending; the mail server goes down."""

FILE = "feedback/thanks.py, thank_once"


def two_workers(address):
    """Inside the copy: the second worker comes in the middle of the first one's sending."""
    from feedback import thanks
    from outbox.models import Letter

    letter = Letter.objects.create(address=address)
    sent, second = [], []

    def hand_over(message):
        sent.append(message.to)
        if len(sent) == 1:
            second.append(bool(thanks.thank_once(letter.pk)))

    thanks.hand_over = hand_over
    first = thanks.thank_once(letter.pk)
    third = thanks.thank_once(letter.pk)
    state = Letter.objects.get(pk=letter.pk).state
    return {"sent": sent, "said": [first, *second, third], "state": state}


def server_down(address):
    """Inside the copy: the server is down at first; then it is back."""
    from feedback import thanks
    from outbox.mail_server import TryLater
    from outbox.models import Letter

    letter = Letter.objects.create(address=address)
    sent, down = [], [True]

    def hand_over(message):
        if down:
            raise TryLater("down")
        sent.append(message.to)

    thanks.hand_over = hand_over
    try:
        thanks.thank_once(letter.pk)
        raised = False
    except TryLater:
        raised = True
    down.clear()
    thanks.thank_once(letter.pk)
    return {"raised": raised, "sent": sent, "state": Letter.objects.get(pk=letter.pk).state}


def test_of_two_workers_one_sends(work):
    seen = work.call(two_workers, "ana@example.com", database=True)
    if len(seen["sent"]) > 1:
        work.unmet(
            "Two workers had the letter at the same time, and Ana got the mail twice.", FILE
        )
    if seen["sent"] != [["ana@example.com"]]:
        work.unmet("Nobody sent the mail.", FILE, got=seen["sent"])
    if seen["said"] != [True, False, False]:
        work.unmet(
            "Only the worker that sent returns True.",
            FILE,
            wanted=[True, False, False],
            got=seen["said"],
        )
    if seen["state"] != "sent":
        work.unmet("The letter does not say that it is sent.", FILE, got=seen["state"])


def test_a_server_that_was_down_gets_it_later(work):
    seen = work.call(server_down, "bia@example.com", database=True)
    if not seen["raised"]:
        work.unmet("The server was down, and the caller did not see TryLater.", FILE)
    if len(seen["sent"]) != 1:
        work.unmet("The server came back, and the mail was never sent.", FILE)
    if seen["state"] != "sent":
        work.unmet("The letter does not say that it is sent.", FILE, got=seen["state"])
