"""Who may ask: only people who have logged in."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login

from answers.page_or_json import wants_page
from answers.refusals import refuse


def not_logged_in(request):
    """Return the answer to somebody unknown: the log-in page, or 401 for a program."""
    if wants_page(request, otherwise=False):
        return redirect_to_login(request.get_full_path())
    return refuse(401, "Log in at /accounts/login/ first.")


def users_only(view):
    """Let only logged-in users reach `view`."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return not_logged_in(request)
        return view(request, *args, **kwargs)

    return guarded
