"""The errors of the model, worst first, grouped by what was taken for what: to be read, and learnt from.

The corpus is ours and its errors are printed in docs/model-errors.md; those of the public sets stay in the build folder.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 50


@dataclass(frozen=True)
class Mistake:
    """One text, what people say, what the model says, and how sure the model was of it."""

    text: str
    meant: str
    taken: str
    sure: float


def worst(mistakes: Sequence[Mistake], shown: int = SHOWN) -> list[Mistake]:
    """Return the mistakes of which the model was surest."""
    return sorted((one for one in mistakes if one.meant != one.taken), key=lambda one: -one.sure)[:shown]


def as_markdown(title: str, mistakes: Sequence[Mistake], total: int) -> str:
    """Return the worst mistakes as a section, grouped by what was taken for what."""
    wrong = [one for one in mistakes if one.meant != one.taken]
    chosen = worst(mistakes)
    groups: dict[tuple[str, str], list[Mistake]] = defaultdict(list)
    for one in chosen:
        groups[one.meant, one.taken].append(one)
    lines = [f"## {title}", "", f"{len(wrong):,} of {total:,} are wrong; the {len(chosen)} of which the model was surest:", ""]
    for (meant, taken), some in sorted(groups.items(), key=lambda group: -len(group[1])):
        lines += [f"### {meant}, taken for {taken} ({len(some)})", ""]
        lines += [f"- {one.sure:.2f} {_quoted(one.text)}" for one in some]
        lines.append("")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    flat = " ".join(text.split()).replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")
    return flat if len(flat) <= 240 else flat[:239] + "…"
