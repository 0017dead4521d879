"""Stage 3 while Redis or the web process is away for a while."""

import pytest


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


def is_delivered(socket, text):
    socket.say({"message": text})
    return socket.read().get("message") == text


def history_of(socket):
    """The first three messages; None for a socket that is asked to come again."""
    first = socket.read()
    if "error" in first:
        return None
    return [first["message"], *(socket.read()["message"] for _ in range(2))]


def test_sockets_hear_again_after_redis_was_away(run, chat_socket, wait_for):
    ana, bruno = [chat_socket(run, "/ws/chat/redis/") for _ in range(2)]
    ana.say({"message": "before"})
    assert ana.read()["message"] == bruno.read()["message"] == "before"

    run.redis.stop()
    ana.say({"message": "lost"})
    assert "Not delivered" in ana.read()["error"]
    assert ana.read()["message"] == "lost"
    frames, code = chat_socket(run, "/ws/chat/redis/").read_to_the_end()
    assert "Redis does not answer" in frames[0]["error"]
    assert code == 4503

    run.redis.start()
    wait_for(lambda: is_delivered(ana, "after"), what="a delivery after the restart")
    # Whatever was said before the layer listened again comes with the next look.
    assert sorted(bruno.read()["message"] for _ in range(2)) == ["after", "lost"]
    said = wait_for(
        lambda: history_of(chat_socket(run, "/ws/chat/redis/")), what="a late comer let in"
    )
    assert said == ["before", "lost", "after"]


def test_a_room_goes_on_after_the_web_process_was_restarted(run, chat_socket):
    ana = chat_socket(run, "/ws/chat/web/")
    ana.say({"message": "before"})
    ana.read()
    run.restart_process("web")
    ana.read_to_the_end()
    run.wait_until_ready()
    ana = chat_socket(run, "/ws/chat/web/")
    assert ana.read()["message"] == "before"
    ana.say({"message": "after"})
    assert ana.read()["message"] == "after"
