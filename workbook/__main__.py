"""The commands behind the Makefile: `python -m workbook COMMAND ...`."""

import os
import subprocess
import sys

from workbook import stages
from workbook.build.commands import COMMANDS as BUILD_COMMANDS
from workbook.exercises.commands import COMMANDS as EXERCISE_COMMANDS
from workbook.refusal import Refusal
from workbook.setup.bootstrap import remedy


def stage(number: str) -> int:
    from workbook.run.console import run_stage

    work = os.environ.get("WORK", "")
    return run_stage(
        stages.stage(number, work), f"work-{work}" if work else f"stage-{number}"
    )


def shell(number: str) -> int:
    from workbook.run.notes import open_shell

    return open_shell(stages.stage(number))


def redis() -> int:
    from workbook.build.redis_alone import serve

    return serve()


def doctor() -> int:
    from workbook.doctor.examine import examine

    return examine()


def learn() -> int:
    from workbook.panel.learn.serve import learn as serve

    return serve()


def pictures(*names: str) -> int:
    """Film the READMEs' pictures; it needs packages that `make stage-N` does not."""
    from workbook.pictures.command import pictures as film

    return film(*names)


def diff(number: str) -> int:
    from workbook.diff import show

    return show(number)


def lint() -> int:
    for words in (["check", "."], ["format", "--check", "."]):
        status = subprocess.run(
            [sys.executable, "-m", "ruff", *words], cwd=stages.ROOT, check=False
        ).returncode
        if status:
            return status
    return 0


def lock() -> int:
    from workbook.setup.lock import lock as compile_lists

    return compile_lists()


def carry() -> int:
    for path in stages.carry():
        print("wrote", path)
    return 0


def run_suite(number: str | None = None) -> int:
    from workbook.suite.run import run_tests

    return run_tests(number, COMMANDS)


def mutants_all(*modules: str) -> int:
    """Mutate the modules that matter; 0 when the tests notice every mutant."""
    from workbook.suite.mutation import run

    return run(*modules)


def notebooks(name: str):
    """Return a command about notebooks; it needs packages that `make stage-N` does not."""

    def command(*words: str) -> int:
        from workbook.lesson.commands import COMMANDS as commands

        return commands[name](*words)

    return command


COMMANDS = {
    f.__name__: f
    for f in (stage, shell, redis, learn, doctor, diff, pictures, lint, lock, carry)
}
COMMANDS["test"] = run_suite
COMMANDS["mutants-all"] = mutants_all
COMMANDS |= EXERCISE_COMMANDS | BUILD_COMMANDS
for notebook_command in ("notebooks", "notebooks-test", "notebooks-refresh", "mutants"):
    COMMANDS[notebook_command] = notebooks(notebook_command)


def main(words: list[str]) -> int:
    """Run one command; errors that a learner can mend become one line."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        print(f"Unknown command; there are: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        status = command(*words[1:])
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # make solution-1-1 | head: who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Refusal, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if remedy(error) is None:
            raise
        print(remedy(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
