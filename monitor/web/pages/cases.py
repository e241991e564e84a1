"""Cases: customers who wait for an answer. Take one, answer, note, hand off, close, reopen; the most urgent comes first."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from starlette.responses import Response

from monitor.case_messages import case_values
from monitor.case_watch import Desk, by_urgency, hand_over
from monitor.cases import LIVE, STATUSES, Status
from monitor.commands.case_report import WEEKS
from monitor.commands.case_tables import COLUMNS, due, excerpt
from monitor.config import BrandConfig
from monitor.errors import MonitorError
from monitor.storage.cases import Act, Case, CaseFile
from monitor.store import Store
from monitor.web.tables import table
from monitor.web.visit import Page, Visit
from reports.answering import Asked, answering, sentence
from reports.typography import capitalised

A_PAGE: Final = 50
MOST: Final = 1_000
"""Cases that are looked through page by page, the most urgent ones."""
WORDS: Final = 200
NOBODY: Final = "-"
HISTORY: Final = ("at", "who", "what", "detail")


@dataclass(frozen=True)
class Queue:
    """The numbers of cases by their urgency, the most urgent first, at most `MOST`; how many there are in all, and who has some."""

    rated: tuple[tuple[int, int], ...]
    in_all: int
    waiting: int
    late: int
    soon: int
    owners: tuple[str, ...]


def show(visit: Visit) -> Response:
    """The queue, filtered by status and owner."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    try:
        queue, begin = _queue(visit, brand), int(visit.asked("from") or 0)
    except ValueError as error:
        return visit.wrong("That list cannot be", str(error))
    chosen = {name: visit.asked(name) for name in ("status", "owner")}
    shown = _with_words(visit, queue.rated[max(0, begin) : max(0, begin) + A_PAGE])
    after = begin + A_PAGE if begin + A_PAGE < len(queue.rated) else None
    return visit.page(
        "case_list.html",
        queue=queue,
        shown=shown,
        after=after,
        chosen=chosen,
        narrowed={name: value for name, value in chosen.items() if value},
        statuses=("live", "all", *STATUSES),
        owners=[name for name in queue.owners if name != visit.person],
        due=due,
        is_soon=_is_soon(visit),
        excerpt=lambda case: excerpt(case.text, WORDS),
        answered=_answered(visit, brand),
    )


def export(visit: Visit) -> Response:
    """The same cases as a table or as JSON; at most a thousand."""
    brand = visit.brand
    if brand is None:
        return visit.nothing("brand")
    try:
        rated = _with_words(visit, _queue(visit, brand).rated)
    except ValueError as error:
        return visit.wrong("That list cannot be", str(error))
    rows = ({**case_values(one), "urgency": urgent} for urgent, one in rated)
    return table(visit, visit.path("kind"), f"{brand.id}-cases", COLUMNS, rows)


def show_one(visit: Visit) -> Response:
    """One case: what was said, why it is one, what was done, and what can be done."""
    number = int(visit.path("number"))
    file = visit.store.cases.find(number)
    if file is None:
        return _lost(visit)
    if visit.brand is None or visit.brand.id != file.case.brand:
        if visit.app.config.find_brand(file.case.brand) is None:
            return visit.nothing("case", f"It belongs to {file.case.brand}, which is not configured any more.")
        return visit.go(f"/cases/{number}", brand=file.case.brand)
    return visit.page(
        "case.html",
        case=file.case,
        file=file,
        due=due,
        is_soon=_is_soon(visit),
        places=_places(visit),
        colleagues=[one.name for one in visit.store.people.all() if one.role != "reader" and one.name != file.case.owner],
        local_now=visit.now.astimezone(ZoneInfo(visit.brand.timezone)),
    )


def export_history(visit: Visit) -> Response:
    """What was done with a case, as a table."""
    number = int(visit.path("number"))
    file = visit.store.cases.find(number)
    if file is None:
        return _lost(visit)
    return table(visit, visit.path("kind"), f"case-{number}", HISTORY, map(asdict, file.events))


def act(visit: Visit) -> Response:
    """Do something with a case, and write down who did."""
    number = int(visit.path("number"))
    file = visit.store.cases.find(number)
    if file is None:
        return _lost(visit)
    acts: dict[str, Callable[[], str]] = {
        "take": lambda: _give(visit, number, visit.person),
        "give": lambda: _give(visit, number, visit.given("owner")),
        "note": lambda: _note(visit, number),
        "answer": lambda: _answer(visit, file),
        "hand off": lambda: _hand_off(visit, number),
        "close": lambda: _do(visit, number, "closed", visit.given("why"), "closed"),
        "reopen": lambda: _do(visit, number, "reopened", visit.given("why"), "opened again"),
    }
    if visit.given("do") not in acts:
        return visit.wrong("Nothing was chosen", "Take the case, answer, note, hand it off, close or reopen it.")
    try:
        said = acts[visit.given("do")]()
    except ValueError as error:
        return visit.wrong("The case was left as it is", str(error))
    except MonitorError as error:
        return visit.wrong(capitalised(str(error)), error.remedy)
    visit.store.people.note(visit.person, said, f"case {number}", visit.now)
    visit.shelf.forget("queue", "answered", "desk")
    return visit.go(f"/cases/{number}", capitalised(f"{said}."))


def _do(visit: Visit, number: int, what: Act, detail: str, said: str, at: datetime | None = None) -> str:
    due_of = Desk.of(visit.app.config).due
    if not visit.store.cases.act(number, what, visit.person, " ".join(detail.split()), due_of, visit.now, at):
        raise ValueError("It is so already: somebody else was faster, or the page is an old one.")
    return said


def _give(visit: Visit, number: int, owner: str) -> str:
    return _do(visit, number, "taken", owner, f"given to {owner}" if owner else "put back: nobody has it")


def _note(visit: Visit, number: int) -> str:
    if not visit.given("text"):
        raise ValueError("Write something to note.")
    return _do(visit, number, "noted", visit.given("text"), "noted")


def _answer(visit: Visit, file: CaseFile) -> str:
    at = None
    if visit.given("at"):
        brand = visit.app.config.find_brand(file.case.brand)
        local = datetime.fromisoformat(visit.given("at"))
        at = local.replace(tzinfo=ZoneInfo(brand.timezone if brand else "UTC")).astimezone(UTC)
        if at > visit.now:
            raise ValueError("The answer lies in the future.")
        if at < file.case.asked:
            raise ValueError("The customer asked after that.")
    return _do(visit, file.case.id, "answered", visit.given("link"), "answered", at)


def _hand_off(visit: Visit, number: int) -> str:
    config, name = visit.app.config, visit.given("to")
    if name and name not in _places(visit):
        raise ValueError(f"There is no channel {name}.")
    to = (name,) if name else config.cases.hand_off_to
    if not hand_over(visit.store, config, number, to, visit.person, visit.now):
        raise ValueError("It was handed off before; reopening it allows it once more.")
    return f"handed off{f' to {name}' if name else ''}"


def _lost(visit: Visit) -> Response:
    return visit.nothing("case", "A case goes with its customer's last mention.")


def _places(visit: Visit) -> dict[str, str]:
    """Where cases can be handed to, with what is shown of it: addresses hold secrets, so only names are."""
    config = visit.app.config
    configured = {"": "as configured"} if config.cases.hand_off_to else {}
    return configured | {one.name: one.name for one in config.channel}


def _is_soon(visit: Visit) -> Callable[[Case], bool]:
    """Whether so little time is left that somebody is warned."""
    desk, now = Desk.of(visit.app.config), visit.now
    return lambda case: case.status == "new" and desk.due(case.brand, case.waiting)[1] <= now < case.due


def _queue(visit: Visit, brand: BrandConfig) -> Queue:
    status, owner = visit.asked("status") or "live", visit.asked("owner")
    if status not in {"live", "all", *STATUSES}:
        raise ValueError(f"There is no status {status}.")
    wanted = STATUSES if status == "all" else LIVE if status == "live" else (cast("Status", status),)
    app, now = visit.app, visit.now

    def make() -> Queue:
        with Store(app.store_path) as store:
            found = store.cases.standing(wanted, brand.id)
        rated = by_urgency([one for one in found if not owner or one.owner == owner.removeprefix(NOBODY)], now)
        waits = [one for _, one in rated if one.status == "new"]
        return Queue(
            tuple((urgent, one.id) for urgent, one in rated[:MOST]),
            len(rated),
            len(waits),
            sum(one.due <= now for one in waits),
            sum(one.warn <= now < one.due for one in waits),
            tuple(sorted({one.owner for one in found if one.owner})),
        )

    return visit.shelf.get(("queue", brand.id, wanted, owner), make, now)


def _with_words(visit: Visit, rated: Sequence[tuple[int, int]]) -> list[tuple[int, Case]]:
    """Cases as they are now, with their urgency; one that is gone meanwhile is left out."""
    urgencies = {number: urgent for urgent, number in rated}
    return [(urgencies[one.id], one) for one in visit.store.cases.named([*urgencies])]


def _answered(visit: Visit, brand: BrandConfig) -> str:
    """How fast customers were answered over the last twelve weeks (metric 17)."""
    app, now = visit.app, visit.now

    def make() -> str:
        midnight = datetime.combine(now.astimezone(ZoneInfo(brand.timezone)).date(), time(), ZoneInfo(brand.timezone))
        with Store(app.store_path) as store:
            waits = store.cases.waits(brand.id, (midnight - timedelta(weeks=WEEKS)).astimezone(UTC), now)
        if not waits:
            return ""
        return sentence(answering([Asked(one.asked, one.due, one.answered, one.ended) for one in waits], brand.timezone, now))

    return visit.shelf.get(("answered", brand.id), make, now)


PAGES = (
    Page("/cases", show),
    Page("/cases.{kind}", export),
    Page("/cases/{number:int}", show_one, act),
    Page("/cases/{number:int}/history.{kind}", export_history),
)
