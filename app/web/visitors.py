"""Where visitors come from, through however many proxies of ours."""

from starlette.requests import HTTPConnection


def address_of(request: HTTPConnection, trusted_proxies: int) -> str:
    """Who connects, or whom so many proxies of ours say that they speak for; empty where nobody can tell."""
    told = ",".join(request.headers.getlist("x-forwarded-for"))
    chain = [each.strip() for each in told.split(",") if each.strip()]
    if trusted_proxies and len(chain) >= trusted_proxies:
        return chain[-trusted_proxies]
    return request.client.host if request.client is not None else ""
