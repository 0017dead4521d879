"""The prediction is compared with a real run, and with two real processes."""

from pathlib import Path

PROGRAM = Path(__file__).parent / "starter" / "predict_me.py"  # not the learner's copy
WHY = {
    "ana": "The sender is a member of her group like everybody else.",
    "carla": "Each room is a group of its own.",
    "bruno": "Does a group keep what was said while somebody was away?",
    "elisa": "The echo has no group: whom does `self.send` reach?",
    "in_memory_layer": "In whose memory is the in-memory layer?",
    "redis_layer": "What do two processes share, when both are clients of one Redis?",
}


def run_it(program):
    """Inside the copy: run the program on the in-memory layer."""
    import runpy

    return runpy.run_path(program)["heard"]


def speak_across(tries):
    """Inside the copy: another process listens to a group; return whether it hears us."""
    import asyncio
    import multiprocessing

    from channels.layers import get_channel_layer

    def listen(ours):
        async def hear():
            layer = get_channel_layer()
            channel = await layer.new_channel()
            await layer.group_add("school", channel)
            ours.send("I listen")
            await layer.receive(channel)
            ours.send("I have heard it")

        asyncio.run(hear())

    async def speak(ours):
        for _ in range(tries):  # again and again: a busy machine may need a moment
            await get_channel_layer().group_send("school", {"type": "hi"})
            if await asyncio.to_thread(ours.poll, 0.2):
                return True
        return False

    ours, theirs = multiprocessing.Pipe()
    listener = multiprocessing.get_context("fork").Process(target=listen, args=(theirs,))
    listener.start()
    ours.recv()
    heard = asyncio.run(speak(ours))
    listener.kill()
    listener.join()
    return heard


def test_everything_is_predicted(work):
    work.seen = work.prediction()
    missing = set(WHY) - set(work.seen)
    if missing:
        work.unmet(f"Answers are missing: {', '.join(sorted(missing))}.", "prediction.toml")


def compare(work, real):
    for name, happened in real.items():
        said = str(work.seen[name]).strip().lower()
        if said != str(happened):
            work.unmet(
                f"Your prediction for `{name}`, {said}, is not what happened.",
                f"predict_me.py. {WHY[name]}",
            )


def test_the_real_run_agrees(work):
    compare(work, work.call(run_it, str(PROGRAM)))


def test_two_real_processes_agree(work):
    heard = work.call(speak_across, 6)
    compare(work, {"in_memory_layer": "yes" if heard else "no"})
    work.start_redis()
    heard = work.call(speak_across, 40)
    compare(work, {"redis_layer": "yes" if heard else "no"})
