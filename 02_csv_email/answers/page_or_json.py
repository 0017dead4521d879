"""A page or JSON: one rule for every view that has both."""

KINDS = ("text/html", "application/json")


def wants_page(request, *, otherwise: bool) -> bool:
    """Return whether the client wants a page, and not JSON.

    Who sends JSON gets JSON. For the others the Accept header decides: a browser names
    text/html first. A program that takes anything gets what the address is meant for:
    `otherwise`.
    """
    if request.content_type == "application/json":
        return False
    kinds = KINDS if otherwise else KINDS[::-1]
    return (request.get_preferred_type(kinds) or kinds[0]) == "text/html"
