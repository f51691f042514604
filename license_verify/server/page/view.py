"""What the page shows of a verdict. Nothing is decided here; the face is the verdict's own."""

from dataclasses import dataclass, replace
from typing import Final

from license_verify.lists.status import Status
from license_verify.reasons import Reason
from license_verify.record import PublicRecord
from license_verify.server.page.both import NOTHING, Both, written_moment
from license_verify.server.page.face import Item, document_title, face_items, outdated
from license_verify.server.page.places import Premises, premises_of
from license_verify.shown import ShownFace, unit_name
from license_verify.verdict import Outcome, Verdict
from license_verify.words import Severity

_NO_PREMISES: Final = Both(
    "暂时连接不上登记系统，备案经营场所未能核对。",
    "The register could not be reached: the filed premises were not established.",
)
_TONES: Final = {
    Severity.GREEN: ("ok", "✓"),
    Severity.AMBER: ("warn", "!"),
    Severity.RED: ("bad", "✕"),
}

_DATA_OF_THIS_NODE: Final = frozenset(
    (Reason.TRUST_MISSING, Reason.ROLLBACK, Reason.DATA_STALE, Reason.CLOCK_BEHIND_DATA,
     Reason.LIST_UNKNOWN, Reason.LIST_EXPIRED, Reason.LIST_PREDATES_TOKEN)
)  # fmt: skip
# The library tells its user to update; whoever looks at a page can't.
_LATER: Final = Both(
    "请稍后重新扫描；急需办理的，请向登记机关查询。",
    "Scan again later; if it is urgent, ask the registrar.",
)


@dataclass(frozen=True, slots=True)
class View:
    """One verdict page."""

    tone: str
    symbol: str
    headline: Both
    sentence: Both
    next_step: Both
    test_system: bool
    document: Both
    face: tuple[Item, ...]
    premises: Premises | None
    no_premises: Both
    holder: Both
    """That the person was not checked."""
    age: Both
    checked: Both


def view_of(verdict: Verdict, record: PublicRecord | None) -> View:
    """Lay a verdict out; `record` is what the live register answered, None while it is away."""
    tone, symbol = _tone(verdict)
    face = _as_registered_now(verdict, record)
    words = verdict.words
    at = written_moment(verdict.checked_at)
    return View(
        tone=tone,
        symbol=symbol,
        headline=Both(words.zh.headline, words.en.headline),
        sentence=Both(words.zh.sentence, words.en.sentence),
        next_step=_next_step(verdict),
        test_system=verdict.environment not in ("production", ""),
        document=_title(verdict),
        face=face_items(face) if face else (),
        premises=premises_of(record, face.site) if record and face else None,
        no_premises=_NO_PREMISES,
        holder=Both(f"{words.zh.holder}。", words.en.holder) if face else NOTHING,
        age=Both(f"{words.zh.freshness}。", words.en.freshness),
        checked=Both(f"核验时间：{at.zh}", f"Checked at {at.en}"),
    )


def _tone(verdict: Verdict) -> tuple[str, str]:
    """Colour and symbol; the words beside them say the same."""
    tone, symbol = _TONES[verdict.words.severity]
    return tone, "?" if verdict.outcome is Outcome.INDETERMINATE else symbol


def _as_registered_now(verdict: Verdict, record: PublicRecord | None) -> ShownFace | None:
    """The face; on a site's, whose code outlives a move of its firm, with the registrar of now."""
    face = verdict.face
    if face is None or face.site is None or face.registrar is None or not verdict.live_record_used:
        return face
    if record is None or record.registrar is None:
        return face
    now = record.registrar
    return replace(face, registrar=now, registrar_name=unit_name(now))


def _title(verdict: Verdict) -> Both:
    if verdict.face is None:
        return NOTHING
    title = document_title(verdict.face)
    return outdated(title) if verdict.listed is Status.SUPERSEDED else title


def _next_step(verdict: Verdict) -> Both:
    if verdict.outcome is Outcome.INDETERMINATE and verdict.reason in _DATA_OF_THIS_NODE:
        return _LATER
    words = verdict.words
    return Both(words.zh.next_step, words.en.next_step)
