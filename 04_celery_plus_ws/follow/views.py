"""The page of the growing file, and its bell."""

import shlex

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

MOST_RINGS = 1_000_000  # bytes; a button that anybody may press must not fill the disk


@require_safe
def follow(request):
    """The growing file, live."""
    file = settings.FOLLOWED_FILE
    page = {"file": file, "typed": shlex.quote(str(file)) if settings.DEBUG else ""}
    return render(request, "follow/follow.html", page)


@require_POST
def ring(request):
    """Add a line to the followed file; 409 when it is full."""
    file = settings.FOLLOWED_FILE
    if file.exists() and file.stat().st_size > MOST_RINGS:
        return HttpResponse("The file is full. Whoever owns it may empty it.", status=409)
    with settings.FOLLOWED_FILE.open("a", encoding="utf-8") as file:
        file.write(f"{timezone.localtime():%H:%M:%S} The bell rings.\n")
    return HttpResponse(status=204)
