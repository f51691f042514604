"""A mixed load of acts over mutual TLS, each with a request id, repeated until it is answered."""

import hashlib
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from clients.sample.codes import uscc
from license_verify.rpc.errors import from_rpc_error
from tests.rpc.registry.world import Client, a_face, a_request_id, a_visit
from yizhao.registry.v1 import (
    application_service_pb2,
    entity_pb2,
    entity_service_pb2,
    license_pb2,
    license_service_pb2,
    premises_pb2,
    premises_service_pb2,
)

_REPEATED: Final = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
}
"""The server was not reached, or was gone before it answered."""
_PAUSE_SECONDS: Final = 0.05
_CALL_SECONDS: Final = 15.0
PERSON: Final = "钱试写"
"""On every face, and the one who comes and signs."""
_numbers = itertools.count(400_000)


def taken(client: Client, parent: str) -> str:
    """The name of a new application of that entity."""
    request = application_service_pb2.CreateApplicationRequest(
        parent=parent, details=a_visit(applicant=PERSON), request_id=a_request_id()
    )
    return str(client.applications.CreateApplication(request).name)


def a_place(
    parent: str, signer: str, beginning: str = "泗水县泗河街道"
) -> premises_service_pb2.CreatePremisesFilingRequest:
    """A filing that no rule objects to: a new address, with its commitment signed."""
    address = f"{beginning}试验路{next(_numbers)}号"
    commitment = premises_pb2.Document(
        kind="commitment", sha256=hashlib.sha256(address.encode()).digest(), signer=signer
    )
    return premises_service_pb2.CreatePremisesFilingRequest(
        parent=parent,
        site=premises_pb2.Site(address=entity_pb2.Address(text=address)),
        documents=[commitment],
        request_id=a_request_id(),
    )


@dataclass(frozen=True)
class Acknowledged:
    """An act that was answered."""

    caller: "Writer"
    method: str
    """As `entities.RegisterEntity`."""
    request: Message
    answer: Message

    @property
    def essence(self) -> bytes:
        """What of the answer is the same for ever; a document's own state goes on."""
        return essence(self.answer)


def essence(answer: Any) -> bytes:
    """What a repetition must give again."""
    if hasattr(answer, "scan_text"):
        return f"{answer.name} {answer.scan_text}".encode()
    return bytes(answer.SerializeToString(deterministic=True))


@dataclass
class Journal:
    """What every writer was told."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    """Calls sent again because nobody answered."""
    bugs: list[str] = field(default_factory=list)


@dataclass
class Gate:
    """Lets the writers go, holds them between two acts, or ends them."""

    stop: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Writer(threading.Thread):
    """One registrar and one supervisor at work."""

    def __init__(
        self, registrar: Client, supervisor: Client, places: tuple[str, str], seed: int, gate: Gate
    ) -> None:
        """`places` are beginnings of addresses: the registrar's own, and the supervisor's."""
        super().__init__(daemon=True)
        self.journal = Journal()
        self.idle = threading.Event()
        self._registrar = registrar
        self._supervisor = supervisor
        self._home, self._host = places
        self._random = Random(seed)  # noqa: S311 - draws acts, not keys
        self._gate = gate
        self._entities: list[entity_pb2.Entity] = []
        self._places: list[tuple[str, int]] = []
        self._copies: list[str] = []
        self._acts: tuple[Callable[[], None], ...] = (
            self._register, self._change, self._change, self._file, self._file, self._issue,
            self._issue_site, self._correct, self._print, self._lose,
        )  # fmt: skip

    def run(self) -> None:
        while not self._gate.stop.is_set():
            if not self._gate.go.is_set():
                self.idle.set()
                self._gate.go.wait(_PAUSE_SECONDS)
                continue
            self.idle.clear()
            if self._entities:
                self._random.choice(self._acts)()
            else:
                self._register()
        self.idle.set()

    def repeat(self, known: Acknowledged) -> bytes:
        """Send a request again that was answered before."""
        method = self._method(known.method)
        return essence(method(known.request, timeout=_CALL_SECONDS, wait_for_ready=True))

    def _method(self, name: str) -> Any:
        service, _, method = name.partition(".")
        acknowledges = method == "AcknowledgeHandover"
        client = self._supervisor if acknowledges else self._registrar
        return getattr(getattr(client, service), method)

    def _call(self, name: str, request: Any) -> Any:
        """The answer; None if it was refused, or nobody answered before the end."""
        request.request_id = a_request_id()
        while True:
            try:
                answer = self._method(name)(request, timeout=_CALL_SECONDS)
            except grpc.RpcError as error:
                failure = from_rpc_error(error)
                if failure.code not in _REPEATED:
                    if not failure.reason:
                        self.journal.bugs.append(f"{name}: {failure}")
                    self.journal.refused[failure.reason] += 1
                    return None
                if self._gate.stop.wait(_PAUSE_SECONDS):
                    return None
                self.journal.repeated += 1
                continue
            self.journal.acknowledged.append(Acknowledged(self, name, request, answer))
            return answer

    def _register(self) -> None:
        code = uscc("91", "370811", next(_numbers))
        face = a_face(address=f"{self._home}样例路{next(_numbers)}号")
        entity = self._call(
            "entities.RegisterEntity",
            entity_service_pb2.RegisterEntityRequest(
                uscc=code, face=face, application=a_visit(applicant=PERSON)
            ),
        )
        if entity is not None:
            self._entities.append(entity)
            self._entities = self._entities[-6:]

    def _some(self) -> entity_pb2.Entity:
        return self._random.choice(self._entities)

    def _change(self) -> None:
        self._call(
            "entities.ChangeEntity",
            entity_service_pb2.ChangeEntityRequest(
                name=self._some().name,
                face=a_face(capital=f"{self._random.randint(1, 9_999)}万元人民币"),
                update_mask=FieldMask(paths=["capital"]),
                application=a_visit(applicant=PERSON),
            ),
        )

    def _correct(self) -> None:
        self._call(
            "entities.CorrectEntity",
            entity_service_pb2.CorrectEntityRequest(
                name=self._some().name,
                face=a_face(scope=f"一般项目：日用百货销售；普通货物仓储服务{next(_numbers)}"),
                update_mask=FieldMask(paths=["scope"]),
                basis="更正决定",
            ),
        )

    def _file(self) -> None:
        entity = self._some()
        visit = self._call(
            "applications.CreateApplication",
            application_service_pb2.CreateApplicationRequest(
                parent=entity.name, details=a_visit(applicant=PERSON)
            ),
        )
        if visit is None:
            return
        drafted = self._call(
            "premises.CreatePremisesFiling", a_place(visit.name, PERSON, self._host)
        )
        if drafted is None:
            return
        filed = self._call(
            "premises.SubmitPremisesFiling",
            premises_service_pb2.SubmitPremisesFilingRequest(name=drafted.name, etag=drafted.etag),
        )
        if filed is None or not filed.premises:
            return
        self._places.append((entity.name, int(filed.premises.rpartition("/")[2])))
        self._places = self._places[-6:]
        if filed.handover and self._random.random() < 0.5:
            self._call(
                "premises.AcknowledgeHandover",
                premises_service_pb2.AcknowledgeHandoverRequest(name=filed.handover),
            )

    def _issue(self) -> None:
        request = license_service_pb2.IssueLicenseRequest(parent=self._some().name)
        self._call("licenses.IssueLicense", request)

    def _print(self) -> None:
        """A 副本 of a licence, where there is one."""
        request = license_service_pb2.PrintLicenseCopyRequest(
            parent=self._some().name, kind=license_pb2.COPY_KIND_DUPLICATE
        )
        copy = self._call("licenses.PrintLicenseCopy", request)
        if copy is not None:
            self._copies.append(copy.name)

    def _lose(self) -> None:
        if self._copies:
            name = self._copies.pop(self._random.randrange(len(self._copies)))
            request = license_service_pb2.VoidLostCopyRequest(name=name, basis="公示声明作废")
            self._call("licenses.VoidLostCopy", request)

    def _issue_site(self) -> None:
        if not self._places:
            return
        name, number = self._random.choice(self._places)
        self._call(
            "licenses.IssueSiteCode",
            license_service_pb2.IssueSiteCodeRequest(parent=f"{name}/premises/{number}"),
        )
