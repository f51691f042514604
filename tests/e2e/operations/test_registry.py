"""The registry tells its calls and how far it has published, and drains as a node does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from license_verify.rpc.client import open_channel
from tests.e2e.operations.running import scraped
from tests.e2e.page.node import until
from tests.load.registry_process import RegistryProcess, free_port
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Client, an_entity

CALLS = "yizhao_rpc_call_duration_seconds_count"
REGISTER = "/yizhao.registry.v1.EntityService/RegisterEntity"


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "ca")


@pytest.fixture
def metrics() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def process(
    certificates: Certificates, tmp_path: Path, database_url: str, metrics: str
) -> Iterator[RegistryProcess]:
    told = {"YIZHAO_REGISTRY_METRICS_LISTEN": metrics}
    made = RegistryProcess(certificates, tmp_path, database_url, environ=told)
    made.start()
    yield made
    made.stop()


def values(metrics: str, name: str) -> dict[tuple[str, ...], float]:
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(scraped(metrics))
        for sample in family.samples
        if sample.name == name
    }


def test_a_registry_tells_its_calls_and_how_far_it_has_published(
    process: RegistryProcess, certificates: Certificates, metrics: str
) -> None:
    before = values(metrics, "yizhao_registry_feed_number")[()]
    with open_channel(process.address, certificates.tls(people.RENCHENG)) as channel:
        entity = an_entity(Client(channel))
    assert values(metrics, CALLS)["OK", REGISTER] == 1
    until(lambda: values(metrics, "yizhao_registry_feed_number")[()] > before)
    assert values(metrics, "yizhao_registry_bundle_seq")[()] >= 1
    assert values(metrics, "yizhao_registry_manifest_age_seconds")[()] >= 0
    assert values(metrics, "yizhao_registry_event_watches")[()] == 0
    assert entity.uscc not in scraped(metrics)
