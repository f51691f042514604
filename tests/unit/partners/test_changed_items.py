"""Items of changes are asked of the registry one record after another, while anybody waits."""

import pytest

from license_verify.server.partners.changed_items import ChangedItems, Ending
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.entity_pb2 import Event


class Slow:
    """A registry that takes its time; meanwhile the node is told to end."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def GetPublicRecord(  # noqa: N802 - the contract's name
        self, request: pb.GetPublicRecordRequest, *, timeout: float
    ) -> pb.PublicRecord:
        assert timeout > 0
        self.asked.append(request.name)
        return pb.PublicRecord()


def test_a_node_that_ends_asks_for_no_more_of_a_batch() -> None:
    registry = Slow()
    items = ChangedItems(registry, lambda: bool(registry.asked))
    events = [
        Event(subject=f"entities/{number}", kind="entity.changed", feed_number=number)
        for number in range(500)
    ]
    with pytest.raises(Ending):
        items.of(events)
    assert registry.asked == ["entities/0"]
    assert items.given_up == 0
