"""What the people of the made-up shop do, week by week: they answer customers, and put right what customers complain of."""

from datetime import datetime, timedelta
from math import log
from random import Random

from monitor.case_watch import Desk
from monitor.config import Config
from monitor.demo.planted import BREAK_WEEK, COVER, COVER_WEEK, FIXED, USUAL_WAIT, WAIT_IN_THE_BREAK
from monitor.demo.world import World
from monitor.store import Store
from reports.evidence import Window

_SEED = 7
_PEOPLE = ("Ada (service)", "Robin (service)")


class Team:
    """Answers most cases within hours, and takes days once the phone is no longer answered."""

    def __init__(self, config: Config) -> None:
        self._rng = Random(_SEED)
        self._due = Desk.of(config).due

    def work(self, store: Store, world: World, week: int, moment: datetime) -> None:
        """Do what was done until `moment`, the end of a week."""
        if week == COVER_WEEK:
            self._cover(store, world, moment)
        wait = WAIT_IN_THE_BREAK if week >= BREAK_WEEK else USUAL_WAIT
        for case in store.cases.select(("new",), world.brand):
            answered = case.waiting + timedelta(hours=self._rng.lognormvariate(log(wait), 0.8))
            if answered <= moment:
                store.cases.act(case.id, "answered", self._rng.choice(_PEOPLE), "", self._due, moment, answered)

    def _cover(self, store: Store, world: World, moment: datetime) -> None:
        """Note when the causes of the promise that was fixed were put right."""
        day = world.since + timedelta(weeks=COVER_WEEK - 1)
        evidence = store.causes.evidence.load(world.brand, Window(world.since, moment.date()), "week", moment, quotes=False)
        for cause, reach in evidence.reach.items():
            if next(iter(reach.promises or {}), "") == FIXED:
                store.causes.cover(cause, day, COVER, moment, "Ilse (operations)")
