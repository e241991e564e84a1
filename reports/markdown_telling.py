"""What a gap report tells beside promises and moods, as Markdown: complaints, pillars, claims, what was told most often."""

from reports.cause_words import STAGES, STATUSES, named
from reports.documents import GapReport, PromiseGap
from reports.html_dockets import behind_promise, elsewhere
from reports.markdown import escape, table
from reports.reader import gettext
from reports.render_causes import causes_table
from reports.render_scorecard import scores_table
from reports.terms import term
from reports.typography import counted, local_day, long_day, marks, number, short_day, shortened


def behind_lines(gap: PromiseGap, report: GapReport) -> list[str]:
    """What those complain of who say that a promise was broken; and where everything is that was said of it."""
    causes = [
        gettext(
            "%(cause)s: %(voices)s, %(stage)s, %(status)s",
            cause=escape(named(cause.name)),
            voices=counted(n, "voice", "voices"),
            stage=term(STAGES[cause.stage]),
            status=term(STATUSES[cause.status]),
        )
        for cause, n in behind_promise(report, gap.promise.id)
    ]
    found = [gettext("What is behind it:") + "\n\n" + "\n".join(f"- {line}" for line in causes)] if causes else []
    if report.dockets is not None and gap.n:
        command = elsewhere(report).promise(gap.promise.id).command
        found.append(gettext("All that was said of it: %(command)s", command=f"`{command}`"))
    return found


def telling_sections(report: GapReport) -> list[str]:
    """The sections; none for what there is nothing of."""
    parts = []
    if report.causes is not None and report.causes.causes:
        told = [escape(line) for line in report.causes.headlines]
        parts.append("\n\n".join([f"## {gettext('What customers complain of')}", *told, causes_table(report.causes)]))
    if report.claims:
        lines = [
            gettext(
                "- %(claim)s, %(times)s from %(first)s, last on %(last)s in %(source)s",
                claim=marks(escape(one.words)),
                times=counted(one.sightings, "time", "times"),
                first=long_day(one.first),
                last=long_day(one.last),
                source=escape(one.source),
            )
            for one in report.claims
        ]
        enter = gettext("Enter one, or put it aside: %(command)s", command=f"`{elsewhere(report).claims().command}`")
        parts.append("\n\n".join([f"## {gettext('Said, and no promise here')}", "\n".join(lines), enter]))
    card = report.scorecard
    if card is not None and (card.total.customers is not None or card.raters):
        told = [escape(line) for line in card.headlines]
        scores = scores_table(gettext("pillar"), card.pillars)
        parts.append("\n\n".join([f"## {gettext('Ten pillars: what you say, what customers say')}", *told, scores]))
    return parts


def stories_table(report: GapReport) -> str:
    """What was told most often; "" where nothing was."""
    stories = report.dockets.stories if report.dockets else ()
    if not stories:
        return ""
    head = [gettext("told most often"), gettext("first"), gettext("who speaks"), gettext("places"), gettext("voices")]
    rows = [
        [
            escape(shortened(one.words, 120)),
            short_day(local_day(one.published, report.timezone)),
            term(one.voice),
            number(one.n),
            number(one.voices),
        ]
        for one in stories
    ]
    return table(head, rows)
