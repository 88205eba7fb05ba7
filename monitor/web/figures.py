"""Figures for Prometheus: those of the store are read when asked for, those of this process are counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from monitor.model import Provenance
from monitor.pipeline.context import Context
from monitor.ports import Clock, Translator
from monitor.storage.gauges import Gauges, read_gauges
from monitor.storage.session import Database

#: (queue, state of its jobs, how many, seconds since the oldest was put there)
Depths = Callable[[], Iterable[tuple[str, str, int, float]]]


class Figures:
    """Everything ``/metrics`` tells."""

    def __init__(self, database: Database, clock: Clock, depths: Depths, leads: Callable[[], bool]) -> None:
        self._database, self._clock, self._depths, self._leads = database, clock, depths, leads
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._duties = Histogram(
            "monitor_duty_seconds",
            "Time that pieces of work took.",
            ["kind", "outcome"],
            buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 300),
            registry=self._registry,
        )
        self._words = Counter(
            "monitor_translated_words",
            "Words translated.",
            ["language"],
            registry=self._registry,
        )
        self._seconds = Counter(
            "monitor_translating_seconds", "Time spent waiting for it.", ["language"], registry=self._registry
        )

    def duty(self, kind: str, seconds: float, well: bool) -> None:
        """Count one piece of work."""
        self._duties.labels(kind, "well" if well else "failed").observe(seconds)

    def translated(self, language: str, words: int, seconds: float) -> None:
        """Count one call of the translator: words / seconds is its speed."""
        self._words.labels(language).inc(words)
        self._seconds.labels(language).inc(seconds)

    def text(self) -> bytes:
        """The whole in Prometheus' text format.

        :raises DatabaseUnavailable: when the store cannot be read.
        """
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked of the store when this is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Read the store and the queues."""
        now = self._clock()
        with self._database.session() as session:
            gauges = read_gauges(session, now)
        yield from _of_store(gauges, now)
        jobs = GaugeMetricFamily("monitor_jobs", "Jobs in the queues.", labels=["queue", "state"])
        age = GaugeMetricFamily(
            "monitor_jobs_oldest_seconds", "Age of the oldest job.", labels=["queue", "state"]
        )
        for queue, state, count, seconds in self._depths():
            jobs.add_metric([queue, state], count)
            age.add_metric([queue, state], seconds)
        leads = "Whether this process is the scheduler that leads."
        yield from (jobs, age, GaugeMetricFamily("monitor_scheduler_leads", leads, value=self._leads()))


def _of_store(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    counted: dict[str, tuple[str, str, Mapping[str, float]]] = {
        "articles": ("Articles by state.", "state", gauges.articles),
        "feeds": ("Active feeds by status.", "status", gauges.feeds),
        "deliveries": ("Digests on their ways, by state.", "state", gauges.deliveries),
        "seconds_since_success": (
            "Seconds since each step last succeeded.",
            "step",
            {step: (now - moment).total_seconds() for step, moment in gauges.succeeded.items()},
        ),
    }
    for name, (text, label, values) in counted.items():
        family = GaugeMetricFamily(f"monitor_{name}", text, labels=[label])
        for value, count in values.items():
            family.add_metric([value or "never polled"], count)
        yield family
    yield GaugeMetricFamily("monitor_alerts", "Alerts in the store.", value=gauges.alerts)
    yield GaugeMetricFamily("monitor_deliveries_late", "Deliveries that should be out.", value=gauges.late)


class MeasuredTranslator:
    """A translator whose words and seconds are counted."""

    def __init__(self, translator: Translator, figures: Figures) -> None:
        self._translator, self._figures = translator, figures

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        """As the translator itself."""
        start = perf_counter()
        try:
            return self._translator.translate(sentences, language)
        finally:
            words = sum(len(sentence.split()) for sentence in sentences)
            self._figures.translated(language, words, perf_counter() - start)

    def provenance(self, language: str) -> Provenance:
        """As the translator itself."""
        return self._translator.provenance(language)

    def close(self) -> None:
        """As the translator itself."""
        self._translator.close()


def measured(context: Context, figures: Figures) -> Translator:
    """The translator of a context, counted."""
    return MeasuredTranslator(context.translator, figures)
