"""The big servers: their addresses come from POSTGRES_URL and RABBITMQ_URL."""

import os
import uuid

import psycopg
import pytest


@pytest.fixture
def postgres_database():
    """The address of a fresh database on the PostgreSQL that POSTGRES_URL names."""
    url = os.environ.get("POSTGRES_URL")
    if not url:
        pytest.skip("POSTGRES_URL names no PostgreSQL: the stages were not tried on it")
    name = f"school_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{url.rpartition('/')[0]}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def rabbitmq():
    url = os.environ.get("RABBITMQ_URL")
    if not url:
        pytest.skip("RABBITMQ_URL names no RabbitMQ: the stages were not tried on it")
    return url
