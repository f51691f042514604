"""Opens acts on partners: who acts is established first, then all is done in one transaction."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from google.protobuf.message import Message

from license_verify.refusal import FieldViolation, InvalidRequest
from license_verify.rpc.call import current_call, current_caller, parse_request_id
from license_verify.rpc.identity import WorkloadKind
from license_verify.server.database.connections import Connection, Database, VerifyDatabaseAway
from license_verify.server.database.partner_acts import PartnerActs
from license_verify.server.database.partners import PartnerTable
from license_verify.server.database.watching import WatchTable
from license_verify.server.partners.authority import (
    ActName,
    Actor,
    PartnerRoleMissing,
    authorise,
)
from license_verify.server.partners.desk import Desk
from license_verify.server.partners.officials import Officials
from license_verify.token.claims import BEIJING

Answer = TypeVar("Answer", bound=Message)
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Act:
    """What one act has at hand, in its transaction."""

    actor: Actor
    now: datetime
    partners: PartnerTable
    acts: PartnerActs
    watched: WatchTable

    @property
    def today(self) -> date:
        """In Beijing."""
        return self.now.astimezone(BEIJING).date()


class Office:
    """One for the process."""

    def __init__(
        self,
        database: Database,
        officials: Officials,
        desk: Desk,
        now: Callable[[], datetime],
        follow: Callable[[], None],
    ) -> None:
        """`follow` lets this process know at once what an act changed; the others ask for it."""
        self._database = database
        self._follow = follow
        self._officials = officials
        self._desk = desk
        self._now = now

    def read(self, name: ActName, partner_id: str | None, perform: Callable[[Act], Read]) -> Read:
        """Answer a read.

        Args:
            name: the row of the table that says who may.
            partner_id: whom it is about; None: all of them.
            perform: reads.

        Raises:
            PartnerRoleMissing: the caller may not.
            RolesUnavailable, VerifyDatabaseAway: something that is needed is away.
        """
        with self._acting() as actor:
            authorise(actor, name, partner_id)
            with self._database.transaction() as connection:
                return perform(self._act(connection, actor))

    def once(
        self,
        name: ActName,
        partner_id: str | None,
        request: Message,
        kind: type[Answer],
        perform: Callable[[Act], Answer],
    ) -> Answer:
        """Do an act; the same request again gets the first answer. As `read`, and:

        Args:
            request: as received, with a `request_id`.
            kind: of the answer.

        Raises:
            InvalidRequest: `request_id` is no UUID.
            RequestIdUsed: it was used for another request.
        """
        with self._acting() as actor:
            authorise(actor, name, partner_id)
            number = _request_id(request)
            method = current_call().method
            digest = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
            with self._database.transaction() as connection:
                act = self._act(connection, actor)
                if number is not None:
                    kept = act.acts.answered(actor.workload, number, method, digest)
                    if kept is not None:
                        return kind.FromString(kept)
                answer = perform(act)
                if number is not None:
                    told = answer.SerializeToString()
                    act.acts.keep(actor.workload, number, method, digest, told, act.now)
            with suppress(VerifyDatabaseAway):  # it is done; the next round tells this process
                self._follow()
            return answer

    def _act(self, connection: Connection, actor: Actor) -> Act:
        return Act(
            actor,
            self._now(),
            PartnerTable(connection),
            PartnerActs(connection),
            WatchTable(connection),
        )

    @contextmanager
    def _acting(self) -> Iterator[Actor]:
        """Who acts. A partner holds one of its places meanwhile, so that it never takes all."""
        caller = current_caller()
        if caller.kind is WorkloadKind.STAFF:
            yield self._officials.actor(caller)
            return
        if caller.kind is WorkloadKind.PARTNER:
            visitor = self._desk.visitor()
            with self._desk.place(visitor):
                yield Actor(caller.spiffe_id, partner=visitor.partner)
            return
        raise PartnerRoleMissing(
            "this is for officials and partners",
            zh="此项功能仅供登记机关工作人员和合作单位使用",
            role="staff",
        )


def _request_id(request: Message) -> UUID | None:
    told: str = request.request_id  # type: ignore[attr-defined] # every act's request has one
    number = parse_request_id(told) if told else None
    if told and number is None:
        raise InvalidRequest(FieldViolation("request_id", "is not a UUID", "请求编号须为 UUID"))
    return number
