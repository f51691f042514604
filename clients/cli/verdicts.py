"""A verdict in one shape, whether the service or the library gave it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from clients.cli.say import date_text
from clients.cli.session import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterable

    from license_verify import ShownFace, Verdict
    from yizhao.verify.v1 import verdict_pb2

HOLDER: Final = "只证明执照，不证明出示人 This proves the licence, not the person who shows it."


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check."""

    number: int
    name: str
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    headline: str
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of a check, for screen and JSON."""

    outcome: str
    status: str
    proof: str
    reason: str
    """Of the check that decided (docs/reasons.md)."""
    environment: str
    checks: tuple[Check, ...]
    source: str
    """`live`, `cached` or `bundled`; empty without data."""
    age_seconds: int | None
    """Of the manifest."""
    maximum_age_seconds: int
    zh: Words
    en: Words
    checked_at: str
    face: dict[str, Any] | None
    answers: dict[str, str] = field(default_factory=dict)
    as_of: str = ""
    """The business date asked about; empty for today."""
    receipt: str = ""
    """Name of the receipt, as `receipts/0192…`; empty: there is none."""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def from_service(verdict: "verdict_pb2.Verdict") -> Shown:
    """A verdict of the verifying service."""
    from yizhao.verify.v1 import verdict_pb2 as pb

    zh, en = words_in(verdict.words)
    source = pb.Freshness.Source.Name(verdict.freshness.source).removeprefix("SOURCE_")
    known = source != "UNSPECIFIED"
    answers = {
        name: answer_name(value)
        for name in ("name", "person", "address")
        if (value := getattr(verdict.claims, name))
    }
    return Shown(
        outcome=pb.Outcome.Name(verdict.outcome).removeprefix("OUTCOME_"),
        status=pb.Status.Name(verdict.status).removeprefix("STATUS_"),
        proof=pb.Proof.Name(verdict.proof).removeprefix("PROOF_"),
        reason=verdict.reason,
        environment=verdict.environment,
        checks=tuple(
            Check(
                each.kind,
                pb.CheckKind.Name(each.kind).removeprefix("CHECK_KIND_"),
                pb.CheckResult.Name(each.result).removeprefix("CHECK_RESULT_"),
                each.reason,
            )
            for each in verdict.checks
        ),
        source=source.lower() if known else "",
        age_seconds=verdict.freshness.manifest_age.seconds if known else None,
        maximum_age_seconds=verdict.freshness.maximum_age.seconds,
        zh=zh,
        en=en,
        checked_at=datetime.fromtimestamp(verdict.verify_time.seconds, SHANGHAI).isoformat(),
        face=_service_face(verdict.face) if verdict.HasField("face") else None,
        answers=answers,
        as_of=date_text(verdict.as_of_date),
        receipt=verdict.receipt_name,
    )


def answer_name(answer: "verdict_pb2.ClaimAnswer.ValueType") -> str:
    """As MATCH."""
    from yizhao.verify.v1 import verdict_pb2 as pb

    return pb.ClaimAnswer.Name(answer).removeprefix("CLAIM_ANSWER_")


def words_in(told: "Iterable[verdict_pb2.Words]") -> tuple[Words, Words]:
    """Chinese and English, as the service sent them; empty where it sent none."""
    found = {each.language: Words(each.headline, each.sentence, each.next_step) for each in told}
    none = Words("", "", "")
    return found.get("zh-CN", none), found.get("en", none)


def _service_face(face: "verdict_pb2.VerifiedFace") -> dict[str, Any]:
    return {
        "kind": face.kind,
        "uscc": face.uscc,
        "site": face.site_number or None,
        "version": face.version,
        "name": face.name,
        "type": face.type_title,
        "person_title": face.person_title,
        "person": face.person,
        "address_title": face.address_title,
        "address": face.address,
        "capital": face.capital,
        "established": date_text(face.establish_date),
        "approved": date_text(face.version_date),
        "registrar": face.registrar,
        "supervisor": face.supervisor,
        "multi_address": face.multi_address,
    }


def from_library(verdict: "Verdict") -> Shown:
    """A verdict of the library in this process."""
    fresh, face = verdict.freshness, verdict.face
    age = fresh.manifest_age
    texts = {
        language: Words(
            text.headline,
            " ".join(part for part in (text.sentence, text.holder) if part),
            text.next_step,
        )
        for language, text in (("zh", verdict.words.zh), ("en", verdict.words.en))
    }
    return Shown(
        outcome=verdict.outcome.value,
        status=verdict.status.value,
        proof=verdict.proof.value,
        reason=verdict.reason.value,
        environment=verdict.environment,
        checks=tuple(
            Check(
                each.name.value,
                each.name.name,
                each.result.value,
                "" if each.reason.value == "OK" else each.reason.value,
            )
            for each in verdict.checks
        ),
        source=fresh.source.value if age is not None else "",
        age_seconds=int(age.total_seconds()) if age is not None else None,
        maximum_age_seconds=int(fresh.maximum.total_seconds()),
        zh=texts["zh"],
        en=texts["en"],
        checked_at=verdict.checked_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        face=_library_face(face) if face is not None else None,
        answers={
            name: answer.value
            for name, answer in asdict(verdict.answers).items()
            if answer.value != "NOT_COMPARED"
        },
        as_of=verdict.as_of.isoformat() if verdict.as_of else "",
    )


def _library_face(face: "ShownFace") -> dict[str, Any]:
    return {
        "kind": "license" if face.site is None else "site",
        "uscc": face.uscc,
        "site": face.site,
        "version": face.version,
        "name": (face.site_name if face.site is not None else None) or face.name or "",
        "type": face.type_label or "",
        "person_title": face.person_title or "",
        "person": face.person or "",
        "address_title": face.address_title or "",
        "address": face.address or "",
        "capital": face.capital or "",
        "established": face.established.isoformat() if face.established else "",
        "approved": face.approved.isoformat() if face.approved else "",
        "registrar": face.registrar_name or "",
        "supervisor": face.supervisor_name or "",
        "multi_address": bool(face.many_addresses),
    }
