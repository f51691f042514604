"""What the page shows of a verdict. Nothing is decided here; the face is the verdict's own."""

from dataclasses import dataclass
from typing import Final

from license_verify.record import PublicRecord
from license_verify.server.page.both import NOTHING, Both, written_moment
from license_verify.server.page.face import Item, document_title, face_items
from license_verify.server.page.places import Premises, premises_of
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
    face = verdict.face
    words = verdict.words
    at = written_moment(verdict.checked_at)
    return View(
        tone=tone,
        symbol=symbol,
        headline=Both(words.zh.headline, words.en.headline),
        sentence=Both(words.zh.sentence, words.en.sentence),
        next_step=Both(words.zh.next_step, words.en.next_step),
        test_system=verdict.environment not in ("production", ""),
        document=document_title(face) if face else NOTHING,
        face=face_items(face) if face else (),
        premises=premises_of(record, face.site) if record and face else None,
        no_premises=_NO_PREMISES,
        holder=Both(words.zh.holder, words.en.holder) if face else NOTHING,
        age=Both(words.zh.freshness, words.en.freshness),
        checked=Both(f"核验时间：{at.zh}", f"Checked at {at.en}"),
    )


def _tone(verdict: Verdict) -> tuple[str, str]:
    """Colour and symbol; the words beside them say the same."""
    tone, symbol = _TONES[verdict.words.severity]
    return tone, "?" if verdict.outcome is Outcome.INDETERMINATE else symbol
