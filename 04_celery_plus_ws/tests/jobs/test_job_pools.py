"""Which pools this stage refuses."""

from types import SimpleNamespace

import pytest

from jobs.working.pools import refuse_green_threads


def test_gevent_is_refused_with_the_reason_in_one_line():
    with pytest.raises(SystemExit, match="does not run under gevent") as refusal:
        refuse_green_threads(SimpleNamespace(pool_cls="gevent"))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_the_others_are_let_in(pool):
    refuse_green_threads(SimpleNamespace(pool_cls=pool))
