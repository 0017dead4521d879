"""`make build-run`: what the learner has built, as its Procfile.dev names it."""

import urllib.error
import urllib.request

from workbook.build import school
from workbook.refusal import Refusal
from workbook.run.console import run_stage
from workbook.run.stage_run import StageRun
from workbook.stages import FOLDERS, Stage


class School(Stage):
    """The learner's folder as something that can be run."""

    @property
    def has_mail(self) -> bool:
        """Whether the settings speak of mail."""
        return "EMAIL_HOST" in (self.folder / "config" / "settings.py").read_text()


class SchoolRun(StageRun):
    """A run that is ready when the web answers at all: /healthz comes late on the path."""

    title = "Your school"

    def answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(self.url, timeout=3).close()
        except urllib.error.HTTPError:
            pass  # "not found" is an answer, too
        except OSError:
            return False
        return True

    def wait_until_ready(self):
        self._until(self.answers)
        wanted = {node for name, node in self.nodes().items() if name in self.processes}
        if wanted:
            self._until(lambda: wanted <= self.workers_alive(1))


def run_school() -> int:
    folder = school.FOLDER
    for file in ("config/settings.py", "Procfile.dev"):
        if not (folder / file).is_file():
            raise Refusal(
                f"my_work/school/{file} is not there yet: until it is, start each process "
                "by hand, as the page says."
            )
    step = school.current()
    number = step.stage if step else max(FOLDERS)
    return run_stage(School(number, folder), f"school-{number}", SchoolRun)
