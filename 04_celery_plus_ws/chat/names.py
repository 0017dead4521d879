"""What somebody is called in a chat."""

import re
import secrets
from urllib.parse import parse_qs

GUEST = re.compile(r"[a-z0-9]{4,12}")


def name_of(user, query_string: bytes) -> str:
    """Return the signed-in user's name; otherwise a guest's.

    A page may ask for a guest's number, ?guest=7f3a, so that its tabs and its
    reconnects keep one name. It cannot ask for a user's name.
    """
    if user.is_authenticated:
        return user.get_username()
    wanted = parse_qs(query_string.decode("latin1")).get("guest", [""])[0]
    return f"guest-{wanted if GUEST.fullmatch(wanted) else secrets.token_hex(2)}"


def wants_news(query_string: bytes) -> bool:
    """Whether the client asked, with ?news=1, to hear who comes and goes."""
    return parse_qs(query_string.decode("latin1")).get("news") == ["1"]
