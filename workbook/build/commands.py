"""The learner's commands: build, build-watch, -hint, -show, -do, build-N-M, build-run."""

import contextlib
import shutil

from workbook.build import doing, school
from workbook.build.checking import check
from workbook.build.step import Step, find
from workbook.exercises import progress
from workbook.exercises.checking.report import paint

END = "All steps are done."
SCHOOL = "school"  # in progress.json: the step that was begun, and its hints


def here() -> Step | None:
    """Return the step that the learner is at; the first call makes the school."""
    if school.ensure():
        progress.note(SCHOOL, begun="", hints=0)
        print("Your school is the folder my_work/school/, still empty.")
    return school.current()


def begin(step: Step):
    """Show a step's page, the first time all of it; put what it gives into the folder."""
    print(paint(f"\nStep {step.name}: {step.title} ({step.page.minutes} minutes)", "bold"))
    print(f"The page: {step.readme}", flush=True)
    if progress.of(SCHOOL).get("begun") == step.name:
        return
    print(f"\n{step.page.text}")
    tell_kept(doing.give(step))
    progress.note(SCHOOL, begun=step.name, hints=0)


def tell_kept(kept: list[str]):
    for path in kept:
        print(f"Your own file differed and was kept: {path}.")


def judge(step: Step) -> bool:
    """Check the step and say what is missing; when it is right, keep it as a commit."""
    verdict = check(step, school.FOLDER)
    for sentence in verdict.met:
        print(paint(f"  ok   {sentence}", "green"))
    if verdict.passed:
        school.finish(step)
        print(paint(f"Step {step.name} is done.", "green"))
        return True
    if verdict.unmet:
        print(paint(f"  not  {verdict.unmet}", "red"))
    for line in verdict.message.splitlines():
        print(f"       {line}")
    if verdict.broken:
        print("The check itself is broken, not your work: please report these lines.")
    else:
        print("Then again: make build. A hint: make build-hint.")
    return False


def go_on() -> int:
    """Show the step that comes next."""
    step = school.current()
    if step is None:
        print(END)
    else:
        begin(step)
    return 0


def build() -> int:
    """The step you are at: its page, and what is still missing."""
    step = here()
    if step is None:
        return go_on()
    begin(step)
    return go_on() if judge(step) else 1


def watch() -> int:
    """The same at every save, until Ctrl-C."""
    from workbook.exercises.watch import watch_copy

    here()

    def check_once():
        print("-" * min(shutil.get_terminal_size().columns, 72), flush=True)
        build()
        print("Waiting for a save; Ctrl-C ends.", flush=True)

    with contextlib.suppress(KeyboardInterrupt):
        watch_copy(school.FOLDER, check_once)
    return 0


def hint() -> int:
    """The next of the step's hints."""
    step = here()
    if step is None:
        return go_on()
    shown = progress.of(SCHOOL)["hints"]
    number = min((shown if isinstance(shown, int) else 0) + 1, len(step.hints))
    print(f"Hint {number} of {len(step.hints)}: {step.hints[number - 1]}")
    if number == len(step.hints):
        print("That was the last hint. The step as a diff: make build-show.")
    progress.note(SCHOOL, hints=number)
    return 0


def show() -> int:
    """The step as a diff to your files."""
    step = here()
    if step is None:
        return go_on()
    lines = doing.difference(step)
    for line in lines:
        colour = {"+": "green", "-": "red", "@": "bold"}.get(line[:1])
        print(paint(line, colour) if colour else line)
    if not lines:
        print(f"Your files are as they are after step {step.name}: make build.")
    return 0


def do() -> int:
    """Do the step for the learner, and check it."""
    step = here()
    if step is None:
        return go_on()
    print(f"Doing step {step.name}: {step.title}", flush=True)
    tell_kept(doing.do(step))
    if judge(step):
        return go_on()
    print(f"Something of an earlier step is not as on the page: make build-{step.name}")
    print("begins before this step, and keeps what you have under another name.")
    return 1


def begin_at(name: str) -> int:
    """Begin before a step; what was there is renamed."""
    step = find(name)
    kept = school.begin_before(step)
    if kept:
        print(f"Your school is kept as my_work/{kept.name}.")
    progress.note(SCHOOL, begun="", hints=0)
    begin(step)
    return 0


def dispatch(action: str = "") -> int:
    """`make build` and `make build-...`: an action, or the name of a step."""
    actions = {"": build, "watch": watch, "hint": hint, "show": show, "do": do, "run": run}
    return actions[action]() if action in actions else begin_at(action)


def run() -> int:
    from workbook.build.running import run_school

    return run_school()


def build_test(number: str = "") -> int:
    from workbook.build.proof import prove

    return prove(number)


def build_walk(number: str = "") -> int:
    from workbook.build.typed.walk import prove

    return prove(number)


COMMANDS = {"build": dispatch, "build-test": build_test, "build-walk": build_walk}
