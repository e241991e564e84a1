"""Canonical web addresses, so that tracking parameters make no new mention."""

from urllib.parse import parse_qsl, urlsplit, urlunsplit

from courlan import normalize_url


def canonical(url: str) -> str:
    """`url` without tracking parameters, fragment, default port and trailing slash; stripped only when it is no web address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
            return url
        # A parameter without a value ("?1234-title") is the identity of a page in old forums; courlan would drop it.
        whole_query = any(not value for _name, value in parse_qsl(parts.query, keep_blank_values=True))
        cleaned = normalize_url(parts._replace(fragment="", query="" if whole_query else parts.query), trailing_slash=False)
        if whole_query:
            cleaned = urlunsplit(urlsplit(cleaned)._replace(query=parts.query))
    except (ValueError, AttributeError, TypeError):
        return url
    cleaned_parts = urlsplit(cleaned)
    return urlunsplit(cleaned_parts._replace(path="")) if cleaned_parts.path == "/" and not cleaned_parts.query else str(cleaned)


def permalink(url: str) -> str:
    """The canonical address with its anchor: "#comment-12" names one comment of a page, "#utm_source=rss" names nothing."""
    anchor = url.strip().partition("#")[2]
    return f"{canonical(url)}#{anchor}" if anchor and "=" not in anchor else canonical(url)
