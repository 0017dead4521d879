"""A long answer sent piece by piece, under WSGI and under ASGI."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse


async def in_thread(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces for an ASGI server; each is made in the request's own thread."""
    while (piece := await sync_to_async(next)(pieces, None)) is not None:
        yield piece


def streamed(request, pieces: Iterator[bytes], **options) -> StreamingHttpResponse:
    """Return an answer that holds one piece in memory at a time.

    Under ASGI Django would first collect all pieces of a plain iterator: there it
    needs an asynchronous one.
    """
    if isinstance(request, ASGIRequest):
        pieces = in_thread(pieces)
    return StreamingHttpResponse(pieces, **options)
