"""Six ways to a verdict, each told in one shape."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from clients.cli.main import main
from license_verify import Claimed, Reason, Verdict, policy_for, verify
from license_verify.rpc.identity import Authority
from license_verify.server.live import answer_from
from tests.e2e.page.node import Node, a_node, settings
from tests.e2e.page.registry import a_registry
from tests.e2e.verdicts.register import Register, record
from tests.e2e.verdicts.states import DataState
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import HOST
from yizhao.verify.v1 import verdict_pb2 as pb
from yizhao.verify.v1.verify_service_pb2 import (
    BatchVerifyRequest,
    Claims,
    Subject,
    VerifyRequest,
    VerifyStreamRequest,
)

_AWAY: Final = "127.0.0.1:1"
_HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller learns, but for ages and times."""

    outcome: str
    status: str
    checks: tuple[tuple[str, str, str], ...]
    """Name, result and reason of each."""
    zh: tuple[str, str, str]
    """Headline, sentence and next step."""
    en: tuple[str, str, str]
    answers: tuple[str, str, str] = ("", "", "")
    """For name, person and address; empty where nothing was claimed or compared."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question to a checker."""

    name: str
    scan: str
    purpose: str = ""
    as_of: date | None = None
    claims: Claimed | None = None

    def request(self) -> VerifyRequest:
        asked = VerifyRequest(subject=Subject(scan=self.scan), purpose=self.purpose)
        if self.as_of is not None:
            asked.as_of_date.year, asked.as_of_date.month = self.as_of.year, self.as_of.month
            asked.as_of_date.day = self.as_of.day
        if self.claims is not None:
            given = {key: value for key, value in asdict(self.claims).items() if value}
            asked.claims.CopyFrom(Claims(**given))
        return asked

    def options(self) -> list[str]:
        """The same for the command."""
        given = {"--purpose": self.purpose, "--as-of": self.as_of and self.as_of.isoformat()}
        if self.claims is not None:
            told = self.claims
            given |= {"--name": told.name, "--person": told.person, "--address": told.address}
        return [word for option, value in given.items() if value for word in (option, value)]


class Ways:
    """A node, a library and a command with one and the same data."""

    def __init__(self, state: DataState, node: Node, stub: Any, folder: Path) -> None:
        self._state = state
        self._node = node
        self._stub = stub
        self._folder = folder
        trusted = node.trusted()
        self._browser = httpx.Client(
            verify=trusted, trust_env=False, timeout=30, headers={"Host": HOST}
        )

    @property
    def ready(self) -> bool:
        return self._state.ready

    def close(self) -> None:
        self._browser.close()

    def library(self, case: Case) -> Told:
        return of_verdict(by_library(self._state, case))

    def rpc(self, case: Case) -> Told:
        return of_message(self._stub.Verify(case.request()))

    def batch(self, cases: Sequence[Case]) -> list[Told]:
        requests = BatchVerifyRequest(requests=[case.request() for case in cases])
        return [of_message(each.verdict) for each in self._stub.BatchVerify(requests).results]

    def stream(self, cases: Sequence[Case]) -> list[Told]:
        requests = (VerifyStreamRequest(request=case.request()) for case in cases)
        return [of_message(each.result.verdict) for each in self._stub.VerifyStream(requests)]

    def headline(self, case: Case) -> str:
        """Of the page, which knows one purpose and no claims."""
        digits = case.scan.removeprefix(f"https://{HOST}")
        query = f"?as_of={case.as_of.isoformat()}" if case.as_of else ""
        page = self._browser.get(f"https://{self._node.page_address}{digits}{query}").text
        found = _HEADING.search(page)
        assert found is not None, page
        return html.unescape(_TAG.sub("", found[1])).strip()

    def command(self, case: Case) -> Told:
        """`yizhao --json verify`, which asks the node or takes a bundle along."""
        words = ["--json", "verify", case.scan, *case.options()]
        if self._state.bundled:
            words += ["--bundle", str(self._folder / "bundle.cbor"), "--environment", "test"]
            words += ["--root", str(self._folder / "root.pem")]
            words += ["--now", self._state.now.isoformat()]
        out = StringIO()
        with redirect_stdout(out):
            main(words)
        return of_json(json.loads(out.getvalue()))


def by_library(state: DataState, case: Case) -> Verdict:
    """By the library, which is handed what the register says where one answers."""
    asked = (case.scan, state.trust, state.now, policy_for(case.purpose), case.as_of, case.claims)
    first = verify(*asked)
    away = not (state.registry and state.records)
    if first.uscc is None or away or first.reason is Reason.AS_OF_IN_FUTURE:
        return first
    told = record(first.uscc, first.as_of, state.answered_at)
    return verify(*asked, answer_from(told, first.uscc))


@contextmanager
def the_ways(state: DataState, folder: Path, authorities: Authorities) -> Iterator[Ways]:
    """A node in that state, alone or beside a registry that answers."""
    cache = folder / "cache"
    cache.mkdir()
    bundle = state.world.bundle()
    if state.published:
        (cache / "bundle.cbor").write_bytes(bundle.encode())
    if state.seen is not None:
        (cache / "highest-seen.json").write_text(state.seen.to_json())
    (folder / "bundle.cbor").write_bytes(bundle.encode())
    with ExitStack() as stack:
        address = _AWAY
        if state.registry:
            register = Register(state.world, records=state.records, answered_at=state.answered_at)
            address = stack.enter_context(a_registry(register, authorities)).address
        config = settings(
            folder, authorities, state.world, address, refresh_seconds="3600", drain_seconds="1"
        )
        node = stack.enter_context(a_node(config, authorities, lambda: state.now))
        _as_the_bank(stack.enter_context(pytest.MonkeyPatch.context()), node, folder)
        ways = Ways(state, node, stack.enter_context(node.verifier()), folder)
        stack.callback(ways.close)
        yield ways


def _as_the_bank(environment: pytest.MonkeyPatch, node: Node, folder: Path) -> None:
    """What the command needs to ask the node."""
    tls = node.authorities.client("partner/icbank", Authority.PARTNERS)
    environment.setenv("YIZHAO_VERIFY", node.rpc_address)
    for name, content in {"CERT": tls.certificate, "KEY": tls.key, "CA": tls.roots}.items():
        path = folder / f"bank-{name}.pem"
        path.write_bytes(content)
        environment.setenv(f"YIZHAO_{name}", str(path))


def of_verdict(verdict: Verdict) -> Told:
    words, answers = verdict.words, verdict.answers
    zh, en = (
        (text.headline, " ".join(part for part in (text.sentence, text.holder) if part),
         text.next_step)
        for text in (words.zh, words.en)
    )  # fmt: skip
    return Told(
        verdict.outcome.value,
        verdict.status.value,
        tuple((c.name.name, c.result.value, _reason(c.reason.value)) for c in verdict.checks),
        zh,
        en,
        (_answer(answers.name), _answer(answers.person), _answer(answers.address)),
    )


def of_message(verdict: pb.Verdict) -> Told:
    words = {w.language: (w.headline, w.sentence, w.next_step) for w in verdict.words}
    given = [
        _answer(pb.ClaimAnswer.Name(value).removeprefix("CLAIM_ANSWER_"))
        for value in (verdict.claims.name, verdict.claims.person, verdict.claims.address)
    ]
    return Told(
        pb.Outcome.Name(verdict.outcome).removeprefix("OUTCOME_"),
        pb.Status.Name(verdict.status).removeprefix("STATUS_"),
        tuple(
            (
                pb.CheckKind.Name(each.kind).removeprefix("CHECK_KIND_"),
                pb.CheckResult.Name(each.result).removeprefix("CHECK_RESULT_"),
                each.reason,
            )
            for each in verdict.checks
        ),
        words["zh-CN"],
        words["en"],
        (given[0], given[1], given[2]),
    )


def of_json(told: Mapping[str, Any]) -> Told:
    zh, en = (
        (told[language]["headline"], told[language]["sentence"], told[language]["next_step"])
        for language in ("zh", "en")
    )
    answers = told["answers"]
    return Told(
        told["outcome"],
        told["status"],
        tuple((each["name"], each["result"], each["reason"]) for each in told["checks"]),
        zh,
        en,
        (
            _answer(answers.get("name", "")),
            _answer(answers.get("person", "")),
            _answer(answers.get("address", "")),
        ),
    )


def _reason(name: str) -> str:
    return "" if name == "OK" else name


def _answer(name: str) -> str:
    return name if name in ("MATCH", "DIFFERS") else ""
