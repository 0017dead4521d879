"""Nobody breaks out: each escape is tried as root and as an ordinary user.

Each is tried with a hole in the wall as well, where it must succeed: else it would
prove nothing. `apt install bubblewrap` for these.
"""

import contextlib
import json
import os
import pty
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.exercises import escapes
from workbook.exercises import catalogue
from workbook.exercises.grading import limits, wall
from workbook.stages import ROOT
from workbook.waiting import wait_for

pytestmark = pytest.mark.skipif(
    wall.reason_against() != "", reason=f"no wall: {wall.reason_against()}; {wall.WAYS}"
)
EXERCISE = catalogue.find("1-1")
ANSWER = "fetch_marks.apply_async((seconds,), countdown"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
USERS = ("root", "ordinary") if os.geteuid() == 0 else ("ordinary",)


def as_ordinary_user(folder: Path) -> list[str]:
    """Return the words before a command that make it an ordinary user's.

    Python or the workbook may be in root's own folder: it is opened for this command.
    """
    if os.geteuid() != 0:
        return []
    lines = ["set -e"]
    for number, path in enumerate(map(Path, (sys.base_prefix, ROOT))):
        closed = [p for p in path.parents if p.stat().st_mode & 0o005 != 0o005]
        if closed:
            kept = folder / f"kept-{number}"
            kept.mkdir(exist_ok=True)
            lines += [f"mount --bind {path} {kept}", f"mount -t tmpfs none {closed[-1]}"]
            lines += [f"mkdir -p {path}", f"mount --bind {kept} {path}"]
    script = "; ".join([*lines, f'exec {" ".join(NOBODY)} "$@"'])
    return ["unshare", "--mount", "sh", "-c", script, "sh"]


@pytest.fixture
def victims():
    """What is to be left alone, of whoever tries; ends with the test."""
    with contextlib.ExitStack() as stack:
        path = f"/var/tmp/line-{secrets.token_hex(4)}"
        name = secrets.token_hex(8)
        by_path, by_name = (socket.socket(socket.AF_UNIX) for _ in "ab")
        by_path.bind(path)
        os.chmod(path, 0o777)
        stack.callback(os.unlink, path)
        by_name.bind(f"\0{name}")
        port = socket.create_server(("127.0.0.1", 0))
        for line in (by_path, by_name, port):
            stack.enter_context(line)
            line.listen()
        yield {"path": path, "name": name, "port": port.getsockname()[1]}


@pytest.fixture
def open_folder():
    """A folder that everybody may enter; pytest closes its own at each of its starts."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def attempt(open_folder, victims):
    """A function that makes an attempt; it returns {"got", "said"} and the victims."""

    def make(body: str, user: str, walled=True, hole="", memory=0) -> dict:
        home = open_folder / secrets.token_hex(4)
        home.mkdir()
        on = dict(victims, folder=str(ROOT), exercises=str(EXERCISE.folder), answer=ANSWER)
        on |= {"walled": walled, "secret": secrets.token_hex(8), "mark": home.name}
        for what in ("check", "key", "classmate"):
            on[what] = str(home / what)
            Path(on[what]).write_text("honest")
        program = home / "program.py"
        program.write_text(escapes.program(body))
        order = home / "order.json"
        words = as_ordinary_user(open_folder) if user == "ordinary" else []
        if words:
            for path in (home, *home.iterdir()):
                os.chown(path, 65534, 65534)
        victim = subprocess.Popen([*(NOBODY if words else []), "sleep", "60"])
        on["pid"] = victim.pid
        order.write_text(
            json.dumps(
                {
                    "program": str(program),
                    "on": on,
                    "walled": walled,
                    "hole": hole,
                    "memory": memory,
                    "shown": [str(program), on["check"]],
                }
            )
        )
        try:
            ran = subprocess.run(
                [*words, sys.executable, "-m", "tests.exercises.behind", str(order)],
                cwd=ROOT,
                env={**os.environ, "SECRET": on["secret"], "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            alive = victim.poll() is None
        finally:
            victim.kill()
            victim.wait()
        assert ran.stdout, ran.stderr
        seen = json.loads(ran.stdout)
        found = json.loads(seen["answer"] or '{"got": false, "said": "no answer"}')
        return found | {
            "alive": alive,
            "check": Path(on["check"]).read_text(),
            "mark": on["mark"],
            "raw": seen,
        }

    return make


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", escapes.HARMLESS)
def test_nobody_gets_out(attempt, name, user):
    seen = attempt(escapes.HARMLESS[name], user)
    assert not seen["got"], seen
    assert seen["raw"]["status"] == 0, seen  # it ran to its end
    assert seen["alive"]
    assert seen["check"] == "honest"


@pytest.mark.parametrize("name", escapes.HARMLESS)
def test_without_a_wall_it_would_have(attempt, name):
    seen = attempt(escapes.HARMLESS[name], USERS[0], walled=False)
    assert seen["got"], seen


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", escapes.HARMFUL)
def test_nobody_takes_more_than_the_room_has(attempt, name, user):
    seen = attempt(escapes.HARMFUL[name], user)
    assert not seen["got"], seen
    assert seen["check"] == "honest"


# Nothing that the wall could lack would let an ordinary user remount.
HOLES = [
    (n, u) for n in escapes.HARMFUL for u in USERS if (n, u) != ("remount", "ordinary")
]


@pytest.mark.parametrize(("name", "user"), HOLES)
def test_through_a_hole_in_the_wall_it_would_have(attempt, name, user):
    seen = attempt(escapes.HARMFUL[name], user, hole=name)
    assert seen["got"], seen


@pytest.mark.parametrize("user", USERS)
def test_memory_is_limited_as_a_whole_or_grading_says_that_it_is_not(attempt, user):
    memory = 300 * 1024**2
    seen = attempt(escapes.MANY_WITH_MUCH, user, memory=memory)
    limited = limits.has_systemd() or (bool(limits.parents()) and user == "root")
    assert bool(seen["got"]) is not limited
    assert attempt(escapes.MANY_WITH_MUCH, user, hole="many with much")["got"]


def processes_that_name(word: str) -> list[int]:
    """Return the ids of the processes in whose environment `word` stands."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if word.encode() in environ.read_bytes():
                found.append(int(environ.parent.name))
    return found


@pytest.mark.parametrize("user", USERS)
def test_nothing_outlives_its_check(attempt, user, tmp_path):
    seen = attempt(escapes.OUTLIVE, user)
    assert seen["got"]
    wait_for(lambda: not processes_that_name(seen["mark"]), 10, "the end of all of it")

    program = tmp_path / "outlive.py"  # by itself it would have stayed
    program.write_text(escapes.program(escapes.OUTLIVE))
    with (tmp_path / "answer").open("w") as answer:
        subprocess.run(
            [sys.executable, str(program), str(answer.fileno())],
            env={"MARK": "alone-" + seen["mark"]},
            input="{}",
            text=True,
            pass_fds=[answer.fileno()],
            check=True,
        )
    left = processes_that_name("alone-" + seen["mark"])
    for number in left:
        os.kill(number, signal.SIGKILL)
    assert left


@pytest.mark.parametrize("walled", [True, False])
def test_nobody_types_at_the_teachers_terminal(attempt, walled, tmp_path):
    """The test's own terminal: a child with a terminal makes the attempt in it."""
    number, terminal = pty.fork()
    if number == 0:
        try:
            if walled:
                seen = attempt(escapes.TERMINAL, USERS[0])
            else:
                with open("/dev/tty", "r+b", buffering=0):
                    seen = {"got": True}
            Path(tmp_path / "seen.json").write_text(json.dumps(bool(seen["got"])))
        finally:
            os._exit(0)
    os.waitpid(number, 0)
    os.close(terminal)
    assert json.loads((tmp_path / "seen.json").read_text()) is not walled


@pytest.mark.parametrize("reason", ["bubblewrap is not installed", "the kernel refuses"])
def test_without_a_wall_grading_refuses_and_names_the_way(monkeypatch, tmp_path, reason):
    from workbook.exercises.grading import grade

    monkeypatch.setattr(wall, "reason_against", lambda: reason)
    monkeypatch.delenv("GRADE_WITHOUT_WALL", raising=False)
    with pytest.raises(ValueError, match="apt install bubblewrap") as refusal:
        grade.has_wall()
    assert reason in str(refusal.value)
    assert "GRADE_WITHOUT_WALL=1" in str(refusal.value)
    monkeypatch.setenv("GRADE_WITHOUT_WALL", "1")
    assert grade.has_wall() is False
