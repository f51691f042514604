"""What a registry process tells Prometheus beside its calls; docs/operations.md."""

from collections.abc import Callable
from datetime import datetime

from license_verify.rpc.metrics import Metrics
from registry_service.domain.errors import SignerUnavailable
from registry_service.operations.publisher import Publisher
from registry_service.rpc.watches import Watches


def follow_publishing(metrics: Metrics, publisher: Publisher, now: Callable[[], datetime]) -> None:
    """How far this process has published, and how long ago."""

    def age() -> float:
        try:
            return (now() - publisher.edition().issued_at).total_seconds()
        except SignerUnavailable:  # none was made yet
            return float("nan")

    metrics.follow("yizhao_registry_manifest_age_seconds", "Age of the newest manifest.", age)
    metrics.follow(
        "yizhao_registry_bundle_seq",
        "Number of the newest bundle.",
        lambda: publisher.editions.numbers.number,
    )
    metrics.follow(
        "yizhao_registry_feed_number",
        "Last number of the feed that this process knows.",
        lambda: publisher.newest.number,
    )


def follow_watches(metrics: Metrics, events: Watches, bundles: Watches) -> None:
    """How many long calls are open."""
    metrics.follow("yizhao_registry_event_watches", "WatchEvents calls.", events.open_now)
    metrics.follow("yizhao_registry_bundle_watches", "WatchBundle calls.", bundles.open_now)
