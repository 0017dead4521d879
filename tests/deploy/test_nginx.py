"""deploy/nginx.conf in a real nginx, in front of the real last stage."""

import json
import os
import shutil
from dataclasses import dataclass

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.stages.servers import visits
from workbook.run.ports import free_port
from workbook.run.processes import Process
from workbook.stages import ROOT
from workbook.waiting import wait_for

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass
class Front:
    """The address that visitors use; as StageRun, as far as a visit needs it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def run(start_stage):
    if not NGINX:
        pytest.skip("no nginx here: deploy/nginx.conf was not tried")
    env = {"DJANGO_DEBUG": "1", "DJANGO_BEHIND_PROXY": "1", "NGINX_SENDS_FILES": "1"}
    return start_stage(4, env=env, only=("web", "jobworker"))


def answers(front, process) -> bool:
    """Whether the stage answers through nginx; a dead nginx fails with its log."""
    assert process.running, process.read_log()
    try:
        return httpx.get(f"{front.url}/healthz", trust_env=False).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def behind_nginx(run, tmp_path_factory):
    """A function that starts nginx with a site's text in front of the stage."""
    started = []

    def start(site: str) -> Front:
        folder = tmp_path_factory.mktemp("nginx")
        front = Front(free_port())
        site = site.replace("listen 80;", f"listen 127.0.0.1:{front.port};")
        site = site.replace("server 127.0.0.1:8004;", f"server 127.0.0.1:{run.port};")
        site = site.replace("/var/lib/school/", f"{run.state}/")
        assert str(run.port) in site
        assert str(front.port) in site
        # The test's folders are its own user's alone, and so nginx must be that user.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            AROUND.format(user=user, folder=folder, site=site)
        )
        words = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = Process("nginx", words, folder, None, folder / "nginx.log").start()
        started.append(process)
        wait_for(lambda: answers(front, process), within=20, what="nginx to answer")
        return front

    yield start
    for process in started:
        process.stop()


@pytest.fixture(scope="module")
def site() -> str:
    return (ROOT / "deploy" / "nginx.conf").read_text()


@pytest.fixture(scope="module")
def front(behind_nginx, site):
    return behind_nginx(site)


def test_a_room_works_through_nginx(front):
    visits.chat(front)


def test_a_job_is_started_watched_and_downloaded_through_nginx(front, wait_for):
    file = visits.job_watched(front, wait_for)
    assert file.headers["accept-ranges"] == "bytes"  # nginx says so; our view does not
    assert "x-accel-redirect" not in file.headers


def test_nobody_asks_nginx_for_a_report_past_django(front, run):
    report = next((run.state / "jobs").glob("*.csv"))
    past = httpx.get(f"{front.url}/finished/{report.name}", trust_env=False)
    assert past.status_code == 404


def test_a_body_over_the_limit_is_refused_before_it_reaches_django(front):
    answer = httpx.post(
        f"{front.url}/api/students/by-age/", content=b"x" * 70_000, trust_env=False
    )
    assert answer.status_code == 413
    assert "nginx" in answer.headers["server"]


def test_without_its_upgrade_lines_the_socket_is_refused(behind_nginx, site):
    start = site.index("location /ws/")
    head, sockets = site[:start], site[start:]
    broken = "".join(
        line for line in sockets.splitlines(keepends=True) if "pgrade" not in line
    )
    bare = behind_nginx(head + broken)
    address = f"ws://127.0.0.1:{bare.port}/ws/chat/servers/"
    with pytest.raises(InvalidStatus) as refused, connect(address, proxy=None) as socket:
        socket.send(json.dumps({"message": "never heard"}))
    assert refused.value.response.status_code == 404
