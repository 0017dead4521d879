"""A Redis over TLS: tasks, results and the channel layer through rediss://."""

import asyncio
import datetime
import ipaddress
import os
import ssl
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from workbook.run.ports import HOST
from workbook.run.redis_server import RedisServer
from workbook.stages import FOLDERS, ROOT

LAST = FOLDERS[max(FOLDERS)]
# A task's way there and back, and a message through the layer, in the stage's own settings.
TALK = """
import asyncio, django
django.setup()
from channels.layers import get_channel_layer
from config.celery import app
from queueing.sending import check_broker
check_broker()
app.backend.store_result("one", 42, "SUCCESS")
print("result", app.AsyncResult("one").result)
print("sent", bool(app.send_task("any.task").id))

async def layer():
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add("group", channel)
    await layer.group_send("group", {"type": "news"})
    print("heard", (await asyncio.wait_for(layer.receive(channel), 10))["type"])

asyncio.run(layer())
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The files of a certificate for this machine that nobody else has signed."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder


async def serve_tls(certificate, redis_port: int, tell):
    """Speak TLS in front of a Redis that cannot; `tell` the port. Ends when cancelled."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    async def pass_on(reader, writer):
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader, writer):
        back_reader, back_writer = await asyncio.open_connection(HOST, redis_port)
        await asyncio.gather(pass_on(reader, back_writer), pass_on(back_reader, writer))

    server = await asyncio.start_server(serve, HOST, 0, ssl=tls)
    tell(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@pytest.fixture(scope="module")
def address(certificate):
    redis = RedisServer(certificate / "redis")
    redis.start()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = Future()
    serving = asyncio.run_coroutine_threadsafe(
        serve_tls(certificate, redis.port, port.set_result), loop
    )
    yield f"rediss://{HOST}:{port.result(20)}/0"
    serving.cancel()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    redis.stop()


def talk(address, tmp_path, **more) -> subprocess.CompletedProcess:
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", TALK],
        cwd=ROOT / LAST,
        env={**env, "REDIS_URL": address, **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_tasks_results_and_the_layer_work_over_tls(address, certificate, tmp_path):
    said = talk(address, tmp_path, SSL_CERT_FILE=str(certificate / "cert.pem"))
    assert said.returncode == 0, said.stderr
    assert said.stdout.split("\n")[:3] == ["result 42", "sent True", "heard news"]


def test_a_server_that_nobody_vouches_for_is_refused_unless_one_says_so(address, tmp_path):
    refused = talk(address, tmp_path)
    assert refused.returncode != 0
    assert "CERTIFICATE_VERIFY_FAILED" in refused.stderr
    trusted = talk(address, tmp_path, REDIS_CERTIFICATE="none")
    assert trusted.returncode == 0, trusted.stderr
