"""The rooms of the store, each opened when it is first entered: a command loads what it uses."""

from functools import cached_property
from typing import TYPE_CHECKING

from monitor.storage.door import Door

if TYPE_CHECKING:
    from monitor.storage.alerts import Alerts
    from monitor.storage.audit_cards import AuditCards
    from monitor.storage.cases import Cases
    from monitor.storage.causes import Causes
    from monitor.storage.custody import Custody
    from monitor.storage.hearing import Hearing
    from monitor.storage.jobs import Jobs
    from monitor.storage.outbox import Outbox
    from monitor.storage.people import People
    from monitor.storage.placements import Placements
    from monitor.storage.scorecard import Scorecards
    from monitor.storage.searching import Searching
    from monitor.storage.segments import Segments
    from monitor.storage.vitals import Vitals


class Rooms:
    """What lies behind the door, by subject."""

    door: Door

    @cached_property
    def segments(self) -> "Segments":
        """How delivery and sentiment differ between sources, languages and columns of imports."""
        from monitor.storage.segments import Segments  # noqa: PLC0415

        return Segments(self.door)

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
