"""One rule for page or JSON, and one reader of what a client sends."""

import pytest

from answers.body import BadBody, fields_of
from answers.page_or_json import wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON = "application/json"


@pytest.mark.parametrize("otherwise", [True, False])
@pytest.mark.parametrize(
    ("accept", "page"),
    [(BROWSER, True), (JSON, False), (f"text/html;q=0.5, {JSON}", False)],
)
def test_the_accept_header_decides(rf, accept, page, otherwise):
    request = rf.post("/", headers={"Accept": accept})
    assert wants_page(request, otherwise=otherwise) is page


@pytest.mark.parametrize("otherwise", [True, False])
@pytest.mark.parametrize("accept", ["*/*", "image/png"])
def test_who_does_not_care_gets_what_the_address_is_for(rf, accept, otherwise):
    request = rf.post("/", headers={"Accept": accept})
    assert wants_page(request, otherwise=otherwise) is otherwise


def test_who_sends_json_gets_json(rf):
    request = rf.post("/", "{}", content_type=JSON, headers={"Accept": BROWSER})
    assert not wants_page(request, otherwise=True)


def test_a_form_and_a_json_object_are_read_alike(rf):
    for sent in (rf.post("/", {"rows": "7"}), rf.post("/", '{"rows": "7"}', JSON)):
        assert fields_of(sent)["rows"] == "7"


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ("{", JSON, "not JSON"),
        ("[" * 9999, JSON, "not JSON"),
        ("[1]", JSON, "must be an object"),
        ("rows=7", "text/plain", "Send a form or JSON"),
    ],
)
def test_any_other_body_is_refused_with_the_reason(rf, body, kind, reason):
    with pytest.raises(BadBody, match=reason):
        fields_of(rf.post("/", body, content_type=kind))
