"""Two worker processes, one letter; and a mail server that is down for a while."""

FILE = "feedback/thanks.py, thank_once"


def replace_hand_over(hand_over):
    """Put ours in the place of the stage's, wherever it may be called."""
    from feedback import thanks
    from outbox import delivery, mail_server

    for module in (thanks, delivery, mail_server):
        if hasattr(module, "hand_over"):
            module.hand_over = hand_over


def second_worker(pipe, diary):
    """A process of its own: thank when told to; tell what came of it."""
    from feedback import thanks

    def hand_over(message):
        with open(diary, "a") as file:
            file.write(f"{message.to[0]}\n")

    replace_hand_over(hand_over)
    letter_id = pipe.recv()
    try:
        pipe.send(thanks.thank_once(letter_id))
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")


def two_workers(moment, address):
    """Inside the copy: the second worker comes at this moment of the first one's work."""
    import multiprocessing
    import os
    import tempfile

    from django.db import connection, connections

    from feedback import thanks
    from outbox.models import Letter

    diary = os.path.join(tempfile.mkdtemp(), "diary.txt")
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe()
    connections.close_all()  # a process has connections of its own
    other = fork.Process(target=second_worker, args=(theirs, diary), daemon=True)
    other.start()
    others = Letter.objects.create(address=f"other-{address}")
    letter = Letter.objects.create(address=address)
    came = []

    def come():
        if not came:
            came.append(1)
            mine.send(letter.pk)
            mine.poll(1)  # seconds; whoever waits for us goes on later

    def before_a_write(execute, sql, params, many, context):
        if moment == "before the first write" and sql.startswith(("UPDATE", "INSERT")):
            come()
        return execute(sql, params, many, context)

    def hand_over(message):
        with open(diary, "a") as file:
            file.write(f"{message.to[0]}\n")
        come()  # at the latest in the middle of sending

    replace_hand_over(hand_over)
    with connection.execute_wrapper(before_a_write):
        said = [thanks.thank_once(letter.pk)]
    come()
    said += [mine.recv() if mine.poll(25) else "nothing", thanks.thank_once(letter.pk)]
    with open(diary, "a+") as file:
        file.seek(0)
        sent = file.read().split()
    state, other = (Letter.objects.get(pk=one.pk).state for one in (letter, others))
    return {"sent": sent, "said": said, "state": state, "other": other}


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

    replace_hand_over(hand_over)
    try:
        thanks.thank_once(letter.pk)
        raised = False
    except TryLater:
        raised = True
    down.clear()
    thanks.thank_once(letter.pk)
    return {"raised": raised, "sent": sent, "state": Letter.objects.get(pk=letter.pk).state}


def test_of_two_workers_one_sends(work):
    for moment in ("in the middle of sending", "before the first write"):
        seen = work.call(two_workers, moment, "ana@example.com", database=True, limit=30)
        if len(seen["sent"]) > 1:
            work.unmet(
                f"Two workers had the letter: Ana got the mail {len(seen['sent'])} times. "
                f"The second one came {moment} of the first.",
                f"{FILE}: to look and to take must be one step for both processes",
            )
        if seen["sent"] != ["ana@example.com"]:
            work.unmet("Nobody sent the mail.", FILE, got=seen["sent"])
        if sorted(seen["said"], key=str) != [False, False, True] or seen["said"][2]:
            work.unmet(
                "Only the worker that sent returns True.",
                FILE,
                wanted="one True, the others False",
                got=seen["said"],
            )
        if seen["state"] != "sent":
            work.unmet("The letter does not say that it is sent.", FILE, got=seen["state"])
        if seen["other"] != "waiting":
            work.unmet(
                "Another letter, which nobody asked for, was taken as well.",
                f"{FILE}: which rows does your update change?",
                wanted="waiting",
                got=seen["other"],
            )


def test_a_server_that_was_down_gets_it_later(work):
    seen = work.call(server_down, "bia@example.com", database=True)
    if not seen["raised"]:
        work.unmet("The server was down, and the caller did not see TryLater.", FILE)
    if len(seen["sent"]) != 1:
        work.unmet("The server came back, and the mail was never sent.", FILE)
    if seen["state"] != "sent":
        work.unmet("The letter does not say that it is sent.", FILE, got=seen["state"])
