"""Stage 3: who is here, in a real Redis."""

import json

import pytest
import redis

AS_ANOTHER_PROCESS = """
import json
from chat import presence
def other(number):
    presence.PROCESS = f"process-{number}"
"""


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


def answer_of(run, code):
    done = run.manage("shell", "-v", "0", "-c", AS_ANOTHER_PROCESS + code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_name_in_two_processes_is_one_person_who_leaves_with_the_last(run):
    told = answer_of(
        run,
        """
told = []
for number in (1, 2):
    other(number)
    told.append(presence.enter("two", "ana"))
told.append(dict(presence.rooms_in_use())["two"])
for number in (1, 2):
    other(number)
    told.append(presence.leave({"two": ["ana"]})["two"])
print(json.dumps(told))
""",
    )
    here, nobody = [["ana"], 1], [[], 0]
    assert told == [[here, True], [here, False], 1, [here, []], [nobody, ["ana"]]]


def test_nothing_of_a_room_stays_in_redis(run, wait_for):
    answer_of(run, 'presence.renew({"brief": ["ana"]}); print("null")')
    with redis.Redis.from_url(run.redis_url) as server:
        assert server.exists("chat:here:brief")
        wait_for(lambda: not server.exists("chat:here:brief"), what="the key to expire")


def test_who_is_open_is_put_back_when_redis_has_forgotten_all(run, chat_socket):
    ana = chat_socket(run, "/ws/chat/forgotten/?news=1&guest=aaaa")
    chat_socket(run, "/ws/chat/forgotten/?guest=bbbb")
    ana.read_until(lambda frame: frame["count"] == 2)
    with redis.Redis.from_url(run.redis_url) as server:
        server.delete("chat:here:forgotten")
    late = chat_socket(run, "/ws/chat/forgotten/?news=1&guest=cccc")
    frame = late.read_until(lambda frame: frame["count"] == 3)
    assert frame["here"] == ["guest-aaaa", "guest-bbbb", "guest-cccc"]
