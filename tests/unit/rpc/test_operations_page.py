"""docs/operations.md and docs/alerts.yaml speak of the metrics that there are."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from prometheus_client import CollectorRegistry

from license_verify.reasons import Reason
from license_verify.rpc.metrics import Metrics
from license_verify.server.bundles import Bundles
from license_verify.server.metrics import DataCollector, NodeMetrics
from license_verify.server.node_health import NodeHealth
from license_verify.server.store import BundleStore
from license_verify.server.worker_metrics import WorkersCollector
from license_verify.verdict import Outcome
from tests.unit.verify.world import NOW, World

DOCS = Path(__file__).parents[3] / "docs"
NAME = re.compile(r"\b(?:yizhao|process)_[a-z_]+")
SUFFIXES = ("_bucket", "_count", "_sum", "_total", "")
FOLLOWED = re.compile(r'follow\(\s*"(yizhao_[a-z_]+)"')
"""Gauges that a composition root follows."""


def collected(registry: CollectorRegistry) -> set[str]:
    """Names of families as they are written: counters with `_total`."""
    families = list(registry.collect())
    return {f"{each.name}_total" if each.type == "counter" else each.name for each in families}


@pytest.fixture
def names(tmp_path: Path) -> set[str]:
    """Every family of ours, from the code."""
    metrics = Metrics()
    NodeMetrics(metrics)
    held = Bundles(
        None,  # type: ignore[arg-type]  # nothing is asked of it
        BundleStore(tmp_path),
        World().anchor(),
        refresh_seconds=1,
        jitter=lambda: 0.0,
    )
    health = NodeHealth(held, lambda: NOW, 300, lambda: False)
    metrics.registry.register(DataCollector(health, held))
    metrics.registry.register(WorkersCollector(lambda: {0: ""}, lambda: {0: 0}))
    found = collected(metrics.registry)
    sources = DOCS.parent
    for folder in ("license_verify", "registry_service"):
        for path in (sources / folder).rglob("*.py"):
            found |= set(FOLLOWED.findall(path.read_text("utf-8")))
    return found


def rules() -> Iterator[dict[str, Any]]:
    content = yaml.safe_load((DOCS / "alerts.yaml").read_text("utf-8"))
    for group in content["groups"]:
        assert group["name"].startswith("yizhao-")
        yield from group["rules"]


def test_the_page_lists_every_metric_and_no_other(names: set[str]) -> None:
    text = (DOCS / "operations.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(yizhao_[a-z_]+)` \|", text, re.MULTILINE))
    assert listed == {name for name in names if name.startswith("yizhao_")}


def test_alerts_ask_for_metrics_that_there_are(names: set[str]) -> None:
    series = {name.removesuffix("_total") + suffix for name in names for suffix in SUFFIXES}
    for rule in rules():
        asked = set(NAME.findall(rule["expr"]))
        assert asked or rule["expr"].startswith("up{"), rule["alert"]
        assert asked - series == set(), rule["alert"]


def test_an_alert_on_any_increase_sees_the_first_of_its_kind_too() -> None:
    asking = [rule["expr"] for rule in rules() if re.search(r"increase\(.*\]\) > 0", rule["expr"])]
    assert len(asking) >= 2
    for expression in asking:
        assert re.search(r"unless .* offset", expression), expression


def test_alerts_choose_by_values_that_there_are() -> None:
    known = {*Reason, *Outcome, *grpc.StatusCode.__members__, "check", "yizhao-verify", "yizhao-.*"}
    chosen = {
        value
        for rule in rules()
        for label, values in re.findall(r'([a-z]+)!?=~?"([^"]+)"', rule["expr"])
        if label != "method"
        for value in values.split("|")
    }
    assert len(chosen) > 5
    assert chosen - known == set()


def test_each_alert_says_how_grave_it_is_what_it_means_and_what_to_do() -> None:
    found = list(rules())
    assert len({rule["alert"] for rule in found}) == len(found) > 10
    for rule in found:
        assert rule["labels"]["severity"] in ("page", "warn")
        assert re.search("[一-鿿]", rule["annotations"]["summary"])
        assert rule["annotations"]["next"]
        assert rule["expr"].count("(") == rule["expr"].count(")")
