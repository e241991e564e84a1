"""The rooms of the store, each opened when it is first entered: a command loads what it uses."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.storage.door import Door

if TYPE_CHECKING:
    from monitor.storage.alerts import Alerts
    from monitor.storage.audit_cards import AuditCards
    from monitor.storage.audits import Audits
    from monitor.storage.brands import Brands
    from monitor.storage.cases import Cases
    from monitor.storage.causes import Causes
    from monitor.storage.corrections import Corrections
    from monitor.storage.custody import Custody
    from monitor.storage.evidence import CountedEvidence
    from monitor.storage.file import StoreFile
    from monitor.storage.hearing import Hearing
    from monitor.storage.jobs import Jobs
    from monitor.storage.listening import Sources
    from monitor.storage.matching import Matching
    from monitor.storage.mentions import Mentions
    from monitor.storage.outbox import Outbox
    from monitor.storage.people import People
    from monitor.storage.placements import Placements
    from monitor.storage.quotes import Quotes
    from monitor.storage.reading import Readings
    from monitor.storage.retracting import Rechecks
    from monitor.storage.scorecard import Scorecards
    from monitor.storage.searching import Searching
    from monitor.storage.segments import Segments
    from monitor.storage.versions import Versions
    from monitor.storage.vitals import Vitals


class Rooms:
    """What lies behind the door, by subject."""

    door: Door
    _disguise: Callable[[str], str] | None

    @cached_property
    def brands(self) -> "Brands":
        """Brands and what they promise."""
        from monitor.storage.brands import Brands  # noqa: PLC0415

        return Brands(self.door)

    @cached_property
    def sources(self) -> "Sources":
        """The places that are listened to."""
        from monitor.storage.listening import Sources  # noqa: PLC0415

        return Sources(self.door)

    @cached_property
    def mentions(self) -> "Mentions":
        """What was published."""
        from monitor.storage.mentions import Mentions  # noqa: PLC0415

        return Mentions(self.door, self._disguise)

    @cached_property
    def rechecks(self) -> "Rechecks":
        """What is looked at again, because it may have been removed."""
        from monitor.storage.retracting import Rechecks  # noqa: PLC0415

        return Rechecks(self.door)

    @cached_property
    def matching(self) -> "Matching":
        """Which mention speaks of which brand."""
        from monitor.storage.matching import Matching  # noqa: PLC0415

        return Matching(self.door)

    @cached_property
    def readings(self) -> "Readings":
        """What the models say."""
        from monitor.storage.reading import Readings  # noqa: PLC0415

        return Readings(self.door)

    @cached_property
    def audits(self) -> "Audits":
        """What people say of random samples."""
        from monitor.storage.audits import Audits  # noqa: PLC0415

        return Audits(self.door)

    @cached_property
    def corrections(self) -> "Corrections":
        """What people put right."""
        from monitor.storage.corrections import Corrections  # noqa: PLC0415

        return Corrections(self.door)

    @cached_property
    def evidence(self) -> "CountedEvidence":
        """What reports take."""
        from monitor.storage.evidence import CountedEvidence  # noqa: PLC0415

        return CountedEvidence(self.door)

    @cached_property
    def versions(self) -> "Versions":
        """Which model version a report takes."""
        from monitor.storage.versions import Versions  # noqa: PLC0415

        return Versions(self.door)

    @cached_property
    def file(self) -> "StoreFile":
        """The file itself."""
        from monitor.storage.file import StoreFile  # noqa: PLC0415

        return StoreFile(self.door)

    @cached_property
    def segments(self) -> "Segments":
        """How delivery and sentiment differ between sources, languages and columns of imports."""
        from monitor.storage.segments import Segments  # noqa: PLC0415

        return Segments(self.door)

    @cached_property
    def quotes(self) -> "Quotes":
        """What customers say, in their own words."""
        from monitor.storage.quotes import Quotes  # noqa: PLC0415

        return Quotes(self.door)

    @cached_property
    def outbox(self) -> "Outbox":
        """What is to be sent, and what was."""
        from monitor.storage.outbox import Outbox  # noqa: PLC0415

        return Outbox(self.door)

    @cached_property
    def alerts(self) -> "Alerts":
        """What wakes somebody."""
        from monitor.storage.alerts import Alerts  # noqa: PLC0415

        return Alerts(self.door)

    @cached_property
    def cases(self) -> "Cases":
        """Customers who wait for an answer."""
        from monitor.storage.cases import Cases  # noqa: PLC0415

        return Cases(self.door)

    @cached_property
    def causes(self) -> "Causes":
        """Roots of complaints."""
        from monitor.storage.causes import Causes  # noqa: PLC0415

        return Causes(self.door)

    @cached_property
    def jobs(self) -> "Jobs":
        """What runs regularly, and when it last did."""
        from monitor.storage.jobs import Jobs  # noqa: PLC0415

        return Jobs(self.door)

    @cached_property
    def custody(self) -> "Custody":
        """What was erased, and the proof of it."""
        from monitor.storage.custody import Custody  # noqa: PLC0415

        return Custody(self.door)

    @cached_property
    def vitals(self) -> "Vitals":
        """How the store fares."""
        from monitor.storage.vitals import Vitals  # noqa: PLC0415

        return Vitals(self.door)

    @cached_property
    def placements(self) -> "Placements":
        """Where promises are made."""
        from monitor.storage.placements import Placements  # noqa: PLC0415

        return Placements(self.door)

    @cached_property
    def scorecards(self) -> "Scorecards":
        """Ten pillars of experience."""
        from monitor.storage.scorecard import Scorecards  # noqa: PLC0415

        return Scorecards(self.door)

    @cached_property
    def people(self) -> "People":
        """Who may use the dashboard."""
        from monitor.storage.people import People  # noqa: PLC0415

        return People(self.door)

    @cached_property
    def searching(self) -> "Searching":
        """Search by words and by reading."""
        from monitor.storage.searching import Searching  # noqa: PLC0415

        return Searching(self.door)

    @cached_property
    def audit_cards(self) -> "AuditCards":
        """One card at a time of what was drawn at random."""
        from monitor.storage.audit_cards import AuditCards  # noqa: PLC0415

        return AuditCards(self.door)

    @cached_property
    def hearing(self) -> "Hearing":
        """Hour by hour, what was heard."""
        from monitor.storage.hearing import Hearing  # noqa: PLC0415

        return Hearing(self.door)
