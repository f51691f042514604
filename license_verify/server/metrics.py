"""What a verifying node counts for Prometheus; docs/operations.md says what each is good for."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from license_verify.rpc.metrics import Metrics
from license_verify.server.bundles import Bundles
from license_verify.server.node_health import NONE, NodeHealth
from license_verify.statement_check import StatementVerdict
from license_verify.trust import Source
from license_verify.verdict import Verdict

_SOURCES: Final = (Source.LIVE.value, Source.CACHED.value, NONE)
_PAGE_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class NodeMetrics:
    """Counters of verdicts and pages; any thread counts."""

    def __init__(self, metrics: Metrics) -> None:
        self._verdicts = Counter(
            "yizhao_verify_verdicts_total",
            "Verdicts on scans and typed codes, by RPC, batch, stream and page.",
            ("outcome", "status", "reason", "purpose"),
            registry=metrics.registry,
        )
        self._statements = Counter(
            "yizhao_verify_statement_verdicts_total",
            "Verdicts on premises statements.",
            ("outcome", "purpose"),
            registry=metrics.registry,
        )
        self._pages = Histogram(
            "yizhao_verify_page_request_duration_seconds",
            "Requests to the page's server that were answered, and how long each took.",
            ("page", "status"),
            registry=metrics.registry,
            buckets=_PAGE_BUCKETS,
        )
        self._of_verdict: dict[tuple[str, str, str, str], Counter] = {}

    def verdict(self, verdict: Verdict, purpose: str) -> None:
        """One was given for a purpose of the table."""
        key = (verdict.outcome.value, verdict.status.value, verdict.reason.value, purpose)
        found = self._of_verdict.get(key)
        if found is None:
            found = self._of_verdict[key] = self._verdicts.labels(*key)
        found.inc()

    def statement(self, verdict: StatementVerdict, purpose: str) -> None:
        """One was given on a statement."""
        self._statements.labels(verdict.outcome.value, purpose).inc()

    def page(self, name: str, status: int, seconds: float) -> None:
        """An answer of the page's server; `name` is of the endpoint, from the code."""
        self._pages.labels(name, str(status)).observe(seconds)


class DataCollector(Collector):
    """Ages and numbers of the data, as they are when they are asked for."""

    def __init__(self, health: NodeHealth, bundles: Bundles) -> None:
        self._health = health
        self._bundles = bundles

    def collect(self) -> Iterator[Metric]:
        """Every family, now. An age is missing where there is no data, for 0 would be a lie."""
        data = self._health.data()
        without = data.source == NONE
        yield from _gauges(
            ("manifest_age_seconds", "Age of the manifest: of all it says.", data.manifest_age),
            ("trust_list_age_seconds", "Age of the trust list.", data.trust_list_age),
            ("oldest_list_age_seconds", "Age of the oldest status list.", data.oldest_list_age),
            ("bundle_seq", "Number of the bundle that is answered from.", data.seq),
            ("trust_list_version", "Version of the trust list.", data.trust_version),
            ("status_lists", "Status lists in the bundle.", data.lists),
            ("ready", "1: has data and does not end.", not (without or self._health.draining)),
            ("serving_stale", "1: the data is stale, or there is none.", without or data.stale),
            ("registry_reachable", "1: the registry answered of late.", self._bundles.reachable),
        )
        source = GaugeMetricFamily(
            "yizhao_verify_data_source", "1 for where the data came from.", labels=("source",)
        )
        for each in _SOURCES:
            source.add_metric((each,), float(each == data.source))
        yield source
        refused = CounterMetricFamily(
            "yizhao_verify_bundles_refused",
            "Bundles of the registry or the disk that were not believed.",
            labels=("reason",),
        )
        for reason, times in self._bundles.refused.copy().items():
            refused.add_metric((reason,), times)
        yield refused


def _gauges(*given: tuple[str, str, object]) -> Iterator[Metric]:
    for name, told, value in given:
        family = GaugeMetricFamily(f"yizhao_verify_{name}", told)
        if value is not None:
            family.add_metric((), float(value) if isinstance(value, (int, float)) else bool(value))
        yield family
