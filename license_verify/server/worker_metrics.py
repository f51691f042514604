"""The metrics of several worker processes, told as one: each series bears its worker's number.

Every worker has a registry of its own, as one process alone has, and a listener on loopback. The
supervisor, which has the address that Prometheus asks, asks each when it is asked. Files in memory
shared by the workers, prometheus-client's own way, would know no ages and no process memory, which
are read at the moment of asking, would cost every call a write to them, and would keep what dead
workers left.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

_SECONDS: Final = 2.0
"""A worker that hangs is told as down; Prometheus waits for 10 s as a rule."""
_LABEL: Final = "worker"


class WorkersCollector(Collector):
    """Asks every worker, and says itself which are up and how often each was started anew."""

    def __init__(
        self, addresses: Callable[[], Mapping[int, str]], restarts: Callable[[], Mapping[int, int]]
    ) -> None:
        """`addresses` gives the listener of each worker by its number, empty where it has none."""
        self._addresses = addresses
        self._restarts = restarts

    def collect(self) -> Iterator[Metric]:
        """Every family of every worker."""
        addresses = self._addresses()
        with ThreadPoolExecutor(len(addresses)) as pool:
            texts = dict(zip(addresses, pool.map(_ask, addresses.values()), strict=True))
        yield from _merged(texts)
        up = GaugeMetricFamily(
            "yizhao_verify_worker_up", "1 if the worker process answers.", labels=(_LABEL,)
        )
        for number, text in texts.items():
            up.add_metric((str(number),), float(bool(text)))
        yield up
        restarts = CounterMetricFamily(
            "yizhao_verify_worker_restarts",
            "Times that a worker process was started anew after it died.",
            labels=(_LABEL,),
        )
        for number, times in self._restarts().items():
            restarts.add_metric((str(number),), times)
        yield restarts


def _ask(address: str) -> str:
    """A worker's exposition; empty if it does not answer."""
    if not address:
        return ""
    try:
        # Our own worker's listener on loopback; no proxy has a say in that.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{address}/metrics", timeout=_SECONDS) as answer:
            return str(answer.read().decode())
    except (OSError, urllib.error.URLError):
        return ""


def _merged(texts: Mapping[int, str]) -> Iterator[Metric]:
    families: dict[str, Metric] = {}
    for number, text in texts.items():
        for family in text_string_to_metric_families(text):
            merged = families.setdefault(
                family.name, Metric(family.name, family.documentation, family.type)
            )
            for sample in family.samples:
                labels = sample.labels | {_LABEL: str(number)}
                merged.add_sample(sample.name, labels, sample.value)
    yield from families.values()
