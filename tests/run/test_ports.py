"""Free ports: each server of a test gets one that nothing takes before it starts."""

import os
import socket
import subprocess
import sys

from workbook.run.ports import CHOSEN_FROM, HOST, free_port, is_free


def test_no_port_is_given_out_twice():
    ports = [free_port() for _ in range(200)]
    assert len(set(ports)) == 200


def test_no_client_can_be_given_the_port_before_the_server_has_it():
    with socket.create_server((HOST, 0)) as server:
        lines = [socket.create_connection(server.getsockname()) for _ in range(50)]
        theirs = {line.getsockname()[1] for line in lines}
        for line in lines:
            line.close()
    assert not theirs & set(CHOSEN_FROM)


def test_a_port_that_is_in_use_is_passed_over():
    taken = free_port() + 1
    with socket.create_server((HOST, taken)):
        assert not is_free(taken)
        assert free_port() != taken


def test_two_processes_side_by_side_choose_different_ports():
    program = (
        "from workbook.run.ports import free_port; print(*[free_port() for _ in range(50)])"
    )
    words = [sys.executable, "-c", program]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    chosen = [set(process.communicate(timeout=20)[0].split()) for process in started]
    assert len(set.union(*chosen)) == 200, os.getpid()
