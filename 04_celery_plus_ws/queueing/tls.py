"""The address of a Redis that is reached over TLS: rediss://, with an s more."""


def with_certificate(url: str, check: str) -> str:
    """Return a rediss:// address that says how the server's certificate is checked.

    `check` is "required", "optional" or "none". redis-py checks when an address says
    nothing; Celery refuses such an address. Any other address comes back as it is, and
    so does one that says it already.
    """
    if not url.startswith("rediss://") or "ssl_cert_reqs=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}ssl_cert_reqs={check}"
