"""Subscribers of the feed, and the acts that fill it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from clients.sdk import RegistryClient
from tests.rpc.registry.people import RENCHENG
from tests.rpc.registry.world import Registry, a_face, a_request_id, a_visit, an_entity
from yizhao.registry.v1 import entity_pb2, entity_service_pb2

PATIENCE = 60.0
"""Seconds after which a test gives up; nothing here waits so long."""

Place = tuple[int, str, int]
"""Feed number, what it is about, revision of the entity."""


def everything(registry: Registry, after: int = 0) -> list[Place]:
    """The feed as the database has it."""
    rows = registry.rows(
        "SELECT v.feed_no, 'entities/' || e.uscc"
        " || CASE v.subject WHEN '' THEN '' ELSE '/' || v.subject END, v.revision"
        " FROM event v JOIN entity e USING (entity_no) WHERE v.feed_no > %s ORDER BY v.feed_no",
        after,
    )
    return [(int(number), str(subject), int(revision)) for number, subject, revision in rows]


@dataclass
class Subscriber:
    """Follows the feed in a thread, and remembers what came, as it came."""

    client: RegistryClient
    after: int = 0
    seen: list[Place] = field(default_factory=list)
    cursors: list[int] = field(default_factory=list)
    hold: threading.Event | None = None
    """A slow one: takes nothing more before this is set."""
    filters: dict[str, Any] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    failure: BaseException | None = None

    def start(self) -> "Subscriber":
        self.watch = self.client.feed.watch(self.after, **self.filters)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def _run(self) -> None:
        try:
            for batch in self.watch:
                with self._changed:
                    self.seen += [(e.feed_number, e.subject, e.revision) for e in batch.events]
                    self.cursors.append(batch.cursor)
                    self._changed.notify_all()
                if self.hold is not None:
                    self.hold.wait(PATIENCE)
        except BaseException as error:
            self.failure = error
            with self._changed:
                self._changed.notify_all()

    def wait_for(self, cursor: int) -> None:
        """Wait until everything up to that number came, or was not wanted."""
        with self._changed:
            arrived = self._changed.wait_for(
                lambda: self.failure or (self.cursors and self.cursors[-1] >= cursor), PATIENCE
            )
        assert arrived, f"waited for {cursor}, got to {self.cursors[-1:]}"
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        self.watch.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@contextmanager
def subscribed(
    registry: Registry, caller: str, after: int = 0, **more: Any
) -> Iterator[Subscriber]:
    """A subscriber over a connection of its own, stopped at the end."""
    with RegistryClient.open(registry.address, registry.certificates.tls(caller)) as client:
        subscriber = Subscriber(client, after, **more).start()
        try:
            yield subscriber
        finally:
            if subscriber.hold is not None:
                subscriber.hold.set()
            subscriber.stop()


def newest(registry: Registry) -> int:
    """The last number given, once every event has one."""
    while registry.rows("SELECT 1 FROM event WHERE feed_no IS NULL LIMIT 1"):
        pass
    ((number,),) = registry.rows("SELECT last_no FROM feed")
    return int(number)


def a_person_changed(registry: Registry, entity: entity_pb2.Entity, person: str) -> None:
    """One more event of that entity."""
    registry.as_(RENCHENG).entities.ChangeEntity(
        entity_service_pb2.ChangeEntityRequest(
            name=entity.name,
            face=a_face(person=person),
            update_mask=FieldMask(paths=["person"]),
            application=a_visit(applicant=person),
            request_id=a_request_id(),
        )
    )


def acts(registry: Registry, count: int) -> None:
    """So many acts, each on an entity of its own or on the one before."""
    entity = an_entity(registry.as_(RENCHENG))
    for number in range(count - 1):
        a_person_changed(registry, entity, f"钱试{number % 7}写")
