"""Which quotes stand for the rest."""

from collections.abc import Iterable

from reports.evidence import Quote


def distinct_quotes(quotes: Iterable[Quote], limit: int) -> tuple[Quote, ...]:
    """The `limit` most confident quotes, one an author and one a text; among equals the newest."""
    chosen: list[Quote] = []
    authors: set[tuple[str, str]] = set()
    texts: set[str] = set()
    for quote in sorted(quotes, key=lambda quote: (-quote.confidence, -quote.published.timestamp(), quote.mention)):
        author, text = (quote.source, quote.author), " ".join(quote.text.casefold().split())
        if text in texts or (quote.author and author in authors):
            continue
        authors.add(author)
        texts.add(text)
        chosen.append(quote)
        if len(chosen) == limit:
            break
    return tuple(chosen)
