"""The CSV files as a real spreadsheet reads them: LibreOffice, by its own reader.

It parts cells at commas, semicolons and tabs. A formula is a program that it runs.
"""

import shutil
import subprocess

import pytest

from tests.job_clients import log_in, start_job

SEPARATORS = {",": 44, ";": 59, "tab": 9}  # LibreOffice wants their codes
READER = "CSV:{},34,76"  # at these separators; 34: quoted by "; 76: UTF-8
STARTS = "=+-@\t＝＋－＠"  # noqa: RUF001
NAMES = [f"Ana{part}{start}1+1" for part in (",", ";", "\t") for start in STARTS]
NAMES += [f"{start}1+1" for start in STARTS]
NAMES += ['Ana";=1+1', '"=1+1"', "Ana\n=1+1", "Ana\r\n;=1+1", "';=1+1", "Ana,;\t=1+1"]
ADD = (
    "from students.models import Student; Student.objects.all().delete(); "
    "Student.objects.bulk_create([Student(name=n, age=14) for n in {!r}])"
)


@pytest.fixture(scope="module")
def formulas(tmp_path_factory):
    """A function that says how many formulas LibreOffice finds in each CSV file."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip(
            "no LibreOffice found: `apt install libreoffice-calc-nogui` to run these tests"
        )
    folder = tmp_path_factory.mktemp("office")

    def count(contents: list[bytes], *codes: int) -> list[int]:
        files = [folder / f"{number}.csv" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        reader = READER.format("/".join(map(str, codes)))
        words = [
            office,
            f"-env:UserInstallation={(folder / 'user').as_uri()}",
            "--headless",
        ]
        words += [f"--infilter={reader}", "--convert-to", "fods", "--outdir", str(folder)]
        subprocess.run([*words, *files], capture_output=True, check=True, timeout=120)
        sheets = [file.with_suffix(".fods") for file in files]
        texts = [sheet.read_text() for sheet in sheets]
        for sheet in sheets:
            sheet.unlink()  # or the next count might read it
        rows = [text.count("<table:table-row") for text in texts]
        assert min(rows) > 1, "LibreOffice read no rows"
        return [text.count("table:formula=") for text in texts]

    return count


@pytest.fixture(scope="module")
def run(start_stage):
    run = start_stage(
        4, env={"MAIL_PAUSE": "0"}, only=("web", "worker", "slowworker", "jobworker")
    )
    done = run.manage("shell", "--no-imports", "-c", ADD.format(NAMES))
    assert done.returncode == 0, done.stderr
    return run


def download(run, client, wait_for) -> bytes:
    return client.get("/reports/students/?format=csv").content


def mailed(run, client, wait_for) -> bytes:
    client.post("/reports/students/email/", json={"email": "ana@example.com"})
    inbox = run.inbox_url.rstrip("/")
    (mail,) = wait_for(lambda: client.get(f"{inbox}/api/messages").json()["messages"])
    (attachment,) = mail["attachments"]
    return client.get(f"{inbox}{attachment['url']}").content


def report_of_a_job(run, client, wait_for) -> bytes:
    ana = log_in(run, "ana")
    file_url = start_job(ana, len(NAMES))["file_url"]
    return wait_for(lambda: (got := ana.get(file_url)).status_code == 200 and got.content)


def test_the_reader_finds_a_formula_where_one_is(formulas):
    """Or the test below would prove nothing."""
    assert formulas([b"name,age\nAna;=1+1,14\n"], *SEPARATORS.values()) == [1]


def test_no_name_becomes_a_formula(run, formulas, client_of, wait_for):
    ways = (download, mailed, report_of_a_job)
    files = [way(run, client_of(run), wait_for) for way in ways]
    for codes in (*((code,) for code in SEPARATORS.values()), SEPARATORS.values()):
        found = dict(zip(ways, formulas(files, *codes), strict=True))
        assert set(found.values()) == {0}, (codes, found)
