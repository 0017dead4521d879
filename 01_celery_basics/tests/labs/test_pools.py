"""The command lines of the four pools' workers; the timing is a live test."""

import pytest
from django.core.management import CommandError, call_command

from labs.pools import POOLS, node, worker_command


@pytest.mark.parametrize("pool", POOLS)
def test_each_worker_has_its_pool_a_queue_and_a_name_of_its_own(pool):
    words = worker_command(pool, 7, "pool-x")
    assert words[words.index("--pool") + 1] == pool
    assert words[words.index("-Q") + 1] == "pool-x"
    assert words[words.index("-n") + 1] == node("pool-x")


def test_solo_has_no_concurrency():
    assert "--concurrency" not in worker_command("solo", 7, "pool-x")
    assert "7" in worker_command("threads", 7, "pool-x")


@pytest.mark.parametrize("wish", [{"tasks": 0}, {"seconds": -1.0}, {"concurrency": 1000}])
def test_a_senseless_load_is_refused_before_anything_is_started(wish):
    with pytest.raises(CommandError, match="--tasks is 1 to 1000"):
        call_command("time_pools", **wish)
