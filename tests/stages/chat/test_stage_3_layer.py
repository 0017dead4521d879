"""Stage 3's channel layer on a real Redis, when many sockets go at once."""

import json

import pytest

PROLOGUE = """
import asyncio, json, time
from channels.layers import get_channel_layer

layer = get_channel_layer()

async def socket(group, gone):
    # Ends without leaving its group, as a consumer does that dies by an exception.
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    await gone.wait()

async def join(groups, gone):
    known = layer._get_layer()
    tasks = [asyncio.create_task(socket(group, gone)) for group in groups]
    while sum(map(len, known.groups.values())) < len(groups):
        await asyncio.sleep(0.01)
    await layer.group_add("barrier", await layer.new_channel())  # after all the others
    return tasks
"""
NEWCOMERS = """
async def newcomer_hears(number):
    gone = asyncio.Event()
    tasks = await join(["room"] * number, gone)
    channel = await layer.new_channel()
    gone.set()
    await asyncio.gather(*tasks)
    await asyncio.sleep(0)  # now they are being forgotten
    await layer.group_add("room", channel)
    while layer._forgetting:
        await asyncio.sleep(0.01)
    await layer.group_send("room", {"type": "hello"})
    try:
        await asyncio.wait_for(layer.receive(channel), 5)
        return True
    except TimeoutError:
        return False

print(json.dumps([asyncio.run(newcomer_hears(number)) for number in (1, 10, 200)]))
"""
LEAVING = """
longest = 0

def tick(loop, before):
    # The thread's own time: a busy machine adds nothing to it.
    global longest
    now = time.thread_time()
    longest = max(longest, now - before)
    loop.call_later(0.001, tick, loop, now)

async def main():
    stay, go = asyncio.Event(), asyncio.Event()
    staying = [asyncio.create_task(socket(f"stays-{n}", stay)) for n in range(9000)]
    going = [asyncio.create_task(socket(f"goes-{n}", go)) for n in range(1000)]
    while len(layer._get_layer().groups) < 10000:
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    tick(asyncio.get_running_loop(), time.thread_time())
    go.set()
    await asyncio.gather(*going)
    while len(layer._get_layer().groups) > 9000 or layer._forgetting:
        await asyncio.sleep(0.01)
    print(json.dumps(longest))
    for task in staying:
        task.cancel()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


def answer_of(run, code):
    done = run.manage("shell", "-v", "0", "-c", PROLOGUE + code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_newcomer_hears_while_those_before_are_forgotten(run):
    assert answer_of(run, NEWCOMERS) == [True, True, True]


def test_1000_of_10000_that_leave_do_not_hold_up_the_others(run):
    longest = answer_of(run, LEAVING)
    assert longest < 0.1, f"the loop was blocked for {longest:.2f} s"
