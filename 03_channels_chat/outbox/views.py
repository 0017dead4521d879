"""The letters that were not surely sent: a page for the staff."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from . import care

SHOWN = 100


def for_staff(view):
    """Guests are sent to log in; whoever is no member of staff is refused (403)."""

    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@for_staff
@require_safe
def letters(request):
    """The newest of them, each with a button that sends it again."""
    return render(request, "outbox/letters.html", {"letters": care.unsent()[:SHOWN]})


@for_staff
@require_POST
def send_anew(request, letter_id):
    """Send one again. The list then shows it as waiting, or no more."""
    care.send_anew(letter_id)
    return redirect("letters")
