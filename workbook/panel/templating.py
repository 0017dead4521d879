"""The pages: Jinja2's templates, which escape every value, and how values are worded."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.templating import Jinja2Templates

ZONE = ZoneInfo("America/Manaus")  # the school's clock, as in the stages' settings
TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def in_bytes(size: int) -> str:
    return counted(size, "byte") if size < 10_000 else f"{size / 1000:,.0f} kB"


def first_few(names: tuple[str, ...]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")


def iso(time: datetime) -> str:
    return time.astimezone().isoformat(timespec="seconds")


def clock(time: datetime) -> str:
    return time.astimezone(ZONE).strftime("%d %b %Y, %H:%M:%S")


TEMPLATES.env.trim_blocks = True
TEMPLATES.env.globals["zone"] = ZONE.key
TEMPLATES.env.filters |= {
    "counted": counted,
    "bytes": in_bytes,
    "first_few": first_few,
    "iso": iso,
    "clock": clock,
}
