"""What a notebook imports, and the tools that run, refresh and break notebooks.

from workbook.lesson import claim, start_stage, wait_for
"""

from workbook.lesson.claims import claim, claim_soon
from workbook.lesson.pictures import bars, lines, timeline
from workbook.lesson.start import start_stage
from workbook.waiting import until, wait_for

__all__ = [
    "bars",
    "claim",
    "claim_soon",
    "lines",
    "start_stage",
    "timeline",
    "until",
    "wait_for",
]
