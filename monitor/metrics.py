"""The numbers of the running program, in the text format that Prometheus reads."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.storage.jobs import JobRecord
from monitor.storage.vitals import Numbers

KIND = "text/plain; version=0.0.4; charset=utf-8"
_SOURCES = ("active", "failing", "limited", "denied", "paused", "gone")
_OUTBOX = ("waiting", "sent", "dead")


def render(numbers: Numbers, jobs: Iterable[JobRecord], *, ready: bool, last_round: datetime | None) -> bytes:
    """Return the numbers as a page."""
    registry = CollectorRegistry()
    registry.register(_Page([*_state(ready, last_round), *_store(numbers), *_jobs(list(jobs))]))
    return generate_latest(registry)


class _Page(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _state(ready: bool, last_round: datetime | None) -> Iterable[Metric]:
    yield GaugeMetricFamily("promisewatch_ready", "Whether the store can be written and the jobs are on time.", float(ready))
    if last_round is not None:
        yield GaugeMetricFamily(
            "promisewatch_last_round_timestamp_seconds", "When the last round of jobs was done.", last_round.timestamp()
        )


def _store(numbers: Numbers) -> Iterable[Metric]:
    yield GaugeMetricFamily("promisewatch_mentions", "Mentions in the store.", numbers.mentions)
    yield GaugeMetricFamily("promisewatch_unread", "Matches that the present model has not read.", numbers.unread)
    yield GaugeMetricFamily("promisewatch_store_bytes", "Size of the store's file.", numbers.bytes)
    for name, text, found, known in (
        ("promisewatch_sources", "Sources by state.", numbers.sources, _SOURCES),
        ("promisewatch_outbox", "Messages by state.", numbers.outbox, _OUTBOX),
    ):
        family = GaugeMetricFamily(name, text, labels=["state"])
        for state in (*known, *sorted(set(found) - set(known))):
            family.add_metric([state], found.get(state, 0))
        yield family


def _jobs(records: list[JobRecord]) -> Iterable[Metric]:
    began = GaugeMetricFamily("promisewatch_job_last_run_timestamp_seconds", "When the job last began.", labels=["job"])
    took = GaugeMetricFamily("promisewatch_job_last_duration_seconds", "How long its last run took.", labels=["job"])
    row = GaugeMetricFamily("promisewatch_job_failures_in_a_row", "Failures since it last did well.", labels=["job"])
    runs = CounterMetricFamily("promisewatch_job_runs", "How often it ran.", labels=["job"])
    failed = CounterMetricFamily("promisewatch_job_failures", "How often it failed.", labels=["job"])
    for one in records:
        if one.began is not None:
            began.add_metric([one.name], one.began.timestamp())
            took.add_metric([one.name], one.seconds)
        row.add_metric([one.name], one.failures)
        runs.add_metric([one.name], one.runs)
        failed.add_metric([one.name], one.failed)
    return (began, took, row, runs, failed)
