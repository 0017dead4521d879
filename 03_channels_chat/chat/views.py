"""The chat's pages."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from sockets.layer import LAYER_DOWN

from .presence import rooms_in_use
from .rooms import BadRoom, check_room


@require_safe
def lobby(request):
    """Ask for a room; with ?room=, go there."""
    wanted, reason = request.GET.get("room"), None
    if wanted is not None:
        try:
            return redirect("room", room=check_room(wanted))
        except BadRoom as bad:
            reason = bad
    page = {"wanted": wanted or "", "reason": reason, "rooms": rooms_with_people()}
    return render(request, "chat/lobby.html", page, status=400 if reason else 200)


@require_safe
def room(request, room):
    """The chat of one room; 404 with the reason when it cannot have this name."""
    try:
        good = check_room(room)
    except BadRoom as reason:
        page = {"wanted": room, "reason": reason, "rooms": rooms_with_people()}
        return render(request, "chat/lobby.html", page, status=404)
    return render(request, "chat/room.html", {"room": good})


def rooms_with_people():
    """Return them; none while Redis is away, for the page can do without."""
    try:
        return rooms_in_use()
    except LAYER_DOWN:
        return []
