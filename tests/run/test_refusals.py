"""What cannot work is refused: one clear line, soon, and nothing is started."""

import ast
import shutil
import socket
import socketserver
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process
from workbook.run.redis_server import server_binary
from workbook.stages import ROOT


def refusal(make, tree, wait_for, *words, **env) -> str:
    """Run make; return its one line. It must fail, and must not have started anything."""
    started = time.monotonic()
    run = make(tree, *words, **env)
    status = run.wait(wait_for)
    lines = run.text().splitlines()
    assert status == 1, run.text()
    assert len(lines) == 1, run.text()
    assert time.monotonic() - started < 40  # seconds; on a quiet machine about 1, frozen 4
    assert not run.processes()
    assert not (tree / "var").exists() or not list((tree / "var").rglob("*.log"))
    return lines[0]


@contextmanager
def server(answer: bytes | None):
    """A TCP server on the loopback that answers every line so; None: never."""
    done = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            if answer is None:
                done.wait(30)
                return
            self.rfile.readline()
            self.wfile.write(answer)

    with socketserver.ThreadingTCPServer((HOST, 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield listening.server_address[1]
        finally:
            done.set()
            listening.shutdown()


@pytest.mark.parametrize("text", ["abc", "0", "99999", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(make, tree, wait_for, text):
    line = refusal(make, tree, wait_for, "stage-1", PORT=text)
    assert line == f"PORT={text} is not a port: use a number from 1 to 65535."


def test_a_port_in_use_is_refused_with_the_variable_to_set(make, tree, wait_for):
    with socket.create_server((HOST, 0)) as busy:
        port = busy.getsockname()[1]
        line = refusal(make, tree, wait_for, "stage-1", PORT=str(port))
    assert line.startswith(f"Port {port} (the web page) is in use: ")
    assert "PORT=" in line


def test_a_port_that_is_served_on_every_address_is_in_use_too(make, tree, wait_for):
    with socket.create_server(("0.0.0.0", 0)) as busy:
        port = busy.getsockname()[1]
        line = refusal(make, tree, wait_for, "stage-1", PORT=str(port))
    assert line.startswith(f"Port {port} (the web page) is in use: ")


def test_a_redis_that_refuses_is_refused(make, tree, wait_for):
    url = f"redis://{HOST}:{free_port()}/0"
    line = refusal(make, tree, wait_for, "stage-1", REDIS_URL=url)
    assert line.startswith(f"REDIS_URL={url}: refused. ")
    assert "unset it" in line


@pytest.mark.parametrize(
    "url",
    ["nonsense", "http://127.0.0.1:6379", "redis://127.0.0.1:port", "redis://[::1", " "],
)
def test_what_is_no_redis_address_is_refused(make, tree, wait_for, url):
    line = refusal(make, tree, wait_for, "stage-1", REDIS_URL=url)
    assert line.startswith(f"REDIS_URL={url} is not a redis:// address. ")


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 mail.example ESMTP\r\n", b""]
)
def test_a_server_that_is_not_redis_is_refused(make, tree, wait_for, answer):
    with server(answer) as port:
        line = refusal(
            make, tree, wait_for, "stage-1", REDIS_URL=f"redis://{HOST}:{port}/0"
        )
    assert "Redis" in line
    assert "Correct REDIS_URL, or unset it" in line


def test_a_server_that_never_answers_is_refused(make, tree, wait_for):
    with server(None) as port:
        line = refusal(
            make, tree, wait_for, "stage-1", REDIS_URL=f"redis://{HOST}:{port}/0"
        )
    assert "nothing answers within 3 seconds" in line


@pytest.fixture
def locked_redis(tmp_path, wait_for):
    """A real server that wants the password `apple`; its port."""
    port = free_port()
    words = [server_binary(), "--bind", HOST, "--port", str(port), "--save", ""]
    words += ["--requirepass", "apple"]
    process = Process("locked", words, tmp_path, None, tmp_path / "log").start()
    wait_for(lambda: "Ready to accept connections" in process.read_log())
    yield port
    process.stop()


@pytest.mark.parametrize("password", ["", ":pear@"])
def test_a_redis_that_wants_a_password_is_refused_without_showing_one(
    make, tree, wait_for, locked_redis, password
):
    url = f"redis://{password}{HOST}:{locked_redis}/0"
    line = refusal(make, tree, wait_for, "stage-1", REDIS_URL=url)
    assert "password" in line
    assert "redis://:password@" in line
    assert "pear" not in line


def test_a_python_that_is_too_old_is_told(make, tree, wait_for, tmp_path):
    old = tmp_path / "old-python"
    old.write_text(
        f"#!{sys.executable}\n"
        "import runpy, sys\n"
        "sys.version_info, sys.argv = (3, 8, 10), sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    old.chmod(0o755)
    line = refusal(make, tree, wait_for, "stage-1", f"PYTHON={old}")
    assert line.startswith("This workbook needs Python 3.11 or newer; ")
    assert "is 3.8. Name a newer one: make PYTHON=" in line


def test_an_old_python_can_read_the_file_that_refuses_it():
    source = (ROOT / "workbook" / "setup" / "bootstrap.py").read_text()
    ast.parse(source, feature_version=(3, 5))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("stage-5", "There is no stage '5': it is 1, 2, 3 or 4."),
        ("stage-one", "There is no stage 'one': it is 1, 2, 3 or 4."),
        ("stage-2", "Stage 2 is not there: 02_csv_email/manage.py is missing."),
        (
            "shell-1",
            "Stage 1 does not run: start it with `make stage-1` in another terminal.",
        ),
        ("shell-9", "There is no stage '9': it is 1, 2, 3 or 4."),
        ("diff-1", "Stage 1 is the first: there is nothing before it to compare with."),
        ("diff-7", "There is no stage '7': it is 1, 2, 3 or 4."),
        ("test-7", "There is no stage '7': it is 1, 2, 3 or 4."),
        (
            "stage-",
            "There is no `make stage-`. Did you mean `make stage-1`? "
            "`make` alone lists the commands.",
        ),
        ("exercise-9-9", "There is no exercise 9-9; there are: none in that stage."),
    ],
)
def test_a_stage_that_is_not_there_is_one_line(make, tree, wait_for, target, words):
    assert refusal(make, tree, wait_for, target) == words


def test_an_unsolved_check_ends_with_its_own_words_and_status_1(make, tree, wait_for):
    run = make(tree, "exercise-1-1")
    assert run.wait(wait_for) == 1
    last = run.text().splitlines()[-1]
    assert last == "Edit my_work/1-1/archive/later.py; a hint: make hint-1-1"
    shutil.rmtree(tree / "my_work")


def test_make_n_shows_what_it_would_do_and_does_not_do_it(make, tree, wait_for):
    run = make(tree, "-n", "stage-1")
    assert run.wait(wait_for) == 0
    _, stage = run.text().splitlines()  # the two commands, and nothing of theirs
    assert stage == ".venv/bin/python -m workbook stage 1"


def test_a_missing_secret_key_stops_the_start_with_one_line(make, tree, wait_for):
    run = make(tree, "stage-1", DJANGO_DEBUG="0")
    assert run.wait(wait_for) == 1
    assert "DJANGO_SECRET_KEY is not set" in run.text()
    assert "Traceback" not in run.text()
    wait_for(lambda: not run.processes(), what="Redis to be gone")
