"""`make test` forgets no test, and tells the truth at the end."""

import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from workbook.run import variables
from workbook.stages import FOLDERS, ROOT
from workbook.suite import parts as suite
from workbook.suite.run import AT_ONCE, Suite


def test_every_test_file_of_the_repository_is_in_exactly_one_part():
    words = [word for part in suite.all_parts(()) for word in part.words]
    for file in (ROOT / "tests").rglob("test_*.py"):
        assert words.count(str(file.relative_to(ROOT))) == 1, file
    for folder in FOLDERS.values():
        assert words.count(folder) == 1


def test_one_stage_has_its_own_its_running_and_its_browser_tests(tmp_path):
    for path in (
        "02_csv_email/tests/test_a.py",
        "tests/stages/test_stage_2_a.py",
        "tests/stages/test_stage_1_a.py",
        "tests/browser/test_stage_2_b.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    words = [part.words[-1] for part in suite.stage_parts(2, tmp_path)]
    assert words == [
        "tests/browser/test_stage_2_b.py",
        "tests/stages/test_stage_2_a.py",
        "02_csv_email",
    ]


def test_long_parts_are_there_once_their_commands_are():
    def names(commands):
        return {part.name for part in suite.all_parts(commands)}

    lessons = {f"notebook {path.name[:2]}" for path in suite.notebooks()}
    assert len(lessons) > len(FOLDERS)
    assert names(["notebooks-test", "exercises-test"]) - names([]) == {
        *lessons,
        "exercises",
    }


def code(name, source):
    return suite.Part(name, (sys.executable, "-c", source))


def test_a_failing_part_shows_its_output_and_a_good_one_does_not(tmp_path, capsys):
    parts = [
        code("good", "print('quiet words'); print('4 passed, 0 failed')"),
        code("bad", "print('loud words'); raise SystemExit(1)"),
    ]
    total = Suite(parts, tmp_path).run()
    shown = capsys.readouterr().out
    assert str(total) == "4 passed, 1 failed, 0 skipped"
    assert "loud words" in shown
    assert "quiet words" not in shown


def test_settings_of_a_learner_s_own_run_do_not_reach_the_tests(tmp_path, monkeypatch):
    settings = variables.NAMES_OF_A_RUN | variables.NAMES_OF_A_COMMAND
    for name in settings:
        monkeypatch.setenv(name, "learner")
    part = code("settings", "import os; print(*os.environ, sep='\\n')")
    Suite([part], tmp_path).run()
    assert settings & set((tmp_path / "settings.log").read_text().split()) == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_suite_leaves_no_process(tmp_path, wait_for, number):
    script = tmp_path / "suite_of_sleepers.py"
    script.write_text(
        textwrap.dedent("""
        import signal, sys
        from pathlib import Path
        from workbook.suite import parts as suite, run as testing
        code = "print('up', flush=True); import time; time.sleep(600)"
        words = (sys.executable, "-c", code)
        parts = [suite.Part(name, words) for name in map(str, range(testing.AT_ONCE + 1))]
        for ending in testing.ENDINGS:
            signal.signal(ending, testing.interrupted)
        try:
            testing.Suite(parts, Path(sys.argv[1])).run()
        except KeyboardInterrupt:
            raise SystemExit(130)
        """)
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = subprocess.Popen([sys.executable, str(script), str(tmp_path)], env=env)

    def sleepers_up():
        logs = [log.read_text() for log in tmp_path.glob("*.log")]
        return len(logs) == AT_ONCE and all("up" in text for text in logs)

    try:
        wait_for(sleepers_up, what="the first parts to run")
        children = psutil.Process(started.pid).children(recursive=True)
        assert len(children) == 2 * AT_ONCE  # as many guards as sleepers
        started.send_signal(number)
        assert started.wait(40) == 130  # 128 + SIGINT, whatever it was
        _, alive = psutil.wait_procs(children, timeout=20)
        assert alive == []
    finally:
        started.kill()  # the guards see it, and end the sleepers
        started.wait()
