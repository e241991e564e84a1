"""Canonical web addresses: one name for a page, whichever of its doors it was published under.

A canonical address compares and never replaces what was published: people open the address that the place gave.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_DOORS = frozenset({"www", "m", "mobile", "amp", "touch", "mbasic"})
_AMP_FLAGS = frozenset({"amp", "outputtype"})
# What courlan leaves in: campaign parameters of newspapers and shops, share buttons, session counters of feeds.
_CAMPAIGNS = re.compile(
    r"cmpid|cmp|ocid|ito|smid|igshid|si|ref_?\w*|at_\w+|hsa_\w+|_hs\w+|mkt_tok|spm|share\w*|rss|feed(?:name|type)?|gaa_\w+|trk\w*|"
    r"__twitter_impression|guccounter|guce_\w+|cvid|srsltid"
)
_REDIRECTS = {"google.com": ("/url", "q", "url"), "facebook.com": ("/l.php", "u"), "l.facebook.com": ("/l.php", "u")}
_X = re.compile(r"(?:twitter|x|fxtwitter|vxtwitter|fixupx|fixvx|xcancel)\.com|nitter\.[\w.-]+")
_X_POST = re.compile(r"/(?:\w+|i/web)/status(?:es)?/(\d+)")
_REDDIT = re.compile(r"(?:(?:old|new|np|sh|i|pay|[a-z]{2})\.)?reddit\.com")
_REDDIT_POST = re.compile(r"(?:/(?:r|user|u)/[\w-]+)?/(?:comments|gallery)/(\w+)(?:/[^/]*/(\w+))?")
_VIDEO = re.compile(r"/(?:shorts|embed|live|v)/([\w-]{6,})")
_AMAZON = re.compile(r"(?:.+\.)?amazon\.[a-z.]+")
_PRODUCT = re.compile(r"/(?:[^/]+/)?(?:dp|gp/product|gp/aw/d)/(\w{10})(?=/|$)")


@lru_cache(maxsize=8192)  # a feed brings the same addresses every few minutes
def canonical(url: str) -> str:
    """The one name of the page at `url`, without fragment; `url` itself, stripped, where it is no web address.

    Tracking parameters, AMP, mobile and "www" hosts, default ports, trailing slashes and the scheme make no other page; nor do the
    many hosts of YouTube, Reddit, X and Amazon.
    """
    url = url.strip()
    for _ in range(10):  # an AMP viewer may show a redirect to a mobile host: each turn takes one coat off
        try:
            bare = _undressed(url)
        except (ValueError, AttributeError, TypeError):
            return url
        if bare == url:
            break
        url = bare
    return url


def permalink(url: str) -> str:
    """The canonical address with its anchor: "#comment-12" names one comment of a page, "#utm_source=rss" names nothing."""
    anchor = url.strip().partition("#")[2]
    return f"{canonical(url)}#{anchor}" if anchor and "=" not in anchor else canonical(url)


def names_a_page(url: str) -> bool:
    """Whether `url` is the address of one page of a site, not of the whole site."""
    scheme, _, rest = canonical(url).partition("://")
    return scheme == "https" and ("/" in rest or "?" in rest)


def _undressed(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return url
    target = _behind(parts)
    if target is not None:
        return target
    cleaned = urlsplit(_normalised(parts))
    host = _front_door(cleaned.netloc)
    path, query = _site(host, _without_amp(cleaned.path), cleaned.query)
    if host == "youtu.be" or host.endswith("youtube-nocookie.com"):
        host = "youtube.com"
    elif host == "redd.it" or _REDDIT.fullmatch(host):
        host = "reddit.com"
    elif _X.fullmatch(host):
        host = "x.com"
    return urlunsplit(("https", host, path if query else path.rstrip("/"), query, ""))


def _normalised(parts: SplitResult) -> str:
    from courlan import normalize_url  # noqa: PLC0415 - it loads an HTTP client, and most commands compare no addresses

    pairs = parse_qsl(parts.query, keep_blank_values=True)
    # A parameter without a value ("?1234-title") is the identity of a page in old forums; courlan would drop it.
    whole = any(not value for name, value in pairs if name.lower() not in _AMP_FLAGS)
    kept = "" if whole else urlencode([pair for pair in pairs if not _is_campaign(*pair)])
    cleaned = normalize_url(parts._replace(fragment="", query=kept), trailing_slash=False)
    return urlunsplit(urlsplit(cleaned)._replace(query=parts.query)) if whole else str(cleaned)


def _is_campaign(name: str, value: str) -> bool:
    name = name.lower()
    return bool(_CAMPAIGNS.fullmatch(name)) or (name in _AMP_FLAGS and value.lower() in {"", "1", "true", "amp", "yes"})


def _behind(parts: SplitResult) -> str | None:
    """The address that a redirect or an AMP cache shows, or None."""
    host = _front_door(parts.netloc.lower())
    path, *names = _REDIRECTS.get(host, ("",))
    if path and parts.path == path:
        given = dict(parse_qsl(parts.query))
        return next((given[name] for name in names if given.get(name, "").startswith(("http://", "https://"))), None)
    cached = re.match(r"/[a-z]/s/(.+)" if host.endswith(".cdn.ampproject.org") else r"/amp/s/(.+)", parts.path)
    if cached and (host.endswith(".cdn.ampproject.org") or host == "google.com"):
        return urlunsplit(("https", *unquote(cached[1]).partition("/")[::2], parts.query, ""))
    return None


def _front_door(netloc: str) -> str:
    """A host without the labels that only say for which device: "en.m.wikipedia.org" is "en.wikipedia.org"."""
    labels = netloc.split(".")
    if any(label.isdecimal() for label in labels[-1:]):
        return netloc
    kept = [label for at, label in enumerate(labels[:-2]) if label not in _DOORS or at > 1]
    return ".".join([*kept, *labels[-2:]])


def _without_amp(path: str) -> str:
    path = re.sub(r"\.amp(?=\.html?$)|\.amp$|/amp(?:\.html)?/?$", "", path)
    return path.removeprefix("/amp") if path.startswith("/amp/") else path


def _site(host: str, path: str, query: str) -> tuple[str, str]:
    """Path and query by the rules of a site that names its pages in several ways."""
    given = dict(parse_qsl(query))
    if host == "youtu.be" and len(path) > 1:
        return "/watch", urlencode({"v": path.strip("/")})
    if host.endswith(("youtube.com", "youtube-nocookie.com")):
        video = _VIDEO.fullmatch(path)
        if video or (path == "/watch" and "v" in given):
            return "/watch", urlencode({"v": video[1] if video else given["v"]})
    elif host == "redd.it" and len(path) > 1:
        return f"/comments{path}", ""
    elif _REDDIT.fullmatch(host) and (post := _REDDIT_POST.match(path)):
        return f"/comments/{post[1]}" + (f"/_/{post[2]}" if post[2] else ""), ""
    elif _X.fullmatch(host):
        post = _X_POST.match(path)
        path, query = (f"/i/status/{post[1]}" if post else path), ""
    elif _AMAZON.fullmatch(host) and (product := _PRODUCT.match(path)):
        path, query = f"/dp/{product[1]}", ""
    return path, query
