"""The same form twice: sent in the request, and by a worker."""

import time
from collections.abc import Callable

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from outbox.mail_server import NotSent, hand_over
from outbox.posting import post
from queueing.sending import BrokerDown

from .forms import FeedbackForm
from .letter import compose
from .tasks import email_feedback

REMEMBERED = 3600  # seconds that the browser keeps a time for the comparison


# csrf_exempt on both: they do the same for everybody, logged in or not, so a forged
# request gains nothing. And programs without a browser may send feedback too.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def blocking(request):
    """Send the mail here. The visitor looks at a frozen page meanwhile."""
    return answer(request, lambda email, message: hand_over(compose(email, message)))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def offloaded(request):
    """Leave the mail to a worker and go on at once."""
    return answer(request, lambda email, message: post(email_feedback, email, message))


def answer(request, send: Callable[[str, str], object]):
    """Show the form; or call `send(email, message)` and go to the success page."""
    started = time.perf_counter()
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            send(form.cleaned_data["email"], form.cleaned_data["message"])
            return thank(request, time.perf_counter() - started)
        except (BrokerDown, NotSent):
            status = 503
            form.add_error(None, "It could not be sent just now. Please try again soon.")
    elif form.is_bound:
        status = 400
    return render(request, "feedback/form.html", {"form": form}, status=status)


def thank(request, seconds: float):
    """On to the success page; the time it took goes along in a cookie."""
    response = HttpResponseRedirect(reverse("feedback-success"), status=303)
    way = request.resolver_match.url_name.replace("-", "_")
    milliseconds = f"{seconds * 1000:.0f}"
    response.set_cookie(
        f"{way}_ms", milliseconds, max_age=REMEMBERED, httponly=True, samesite="Lax"
    )
    return response


@require_safe
def success(request):
    return render(request, "feedback/success.html")
