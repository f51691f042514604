"""经营范围: a licence's code holds its digest, the live register its text."""

from typing import Final

from license_verify.record import PublicRecord
from license_verify.server.page.both import NOTHING, Both
from license_verify.server.page.face import Item, line
from license_verify.token.face import LicenseFace, digest
from license_verify.verdict import Verdict

_SHOWN: Final = 120
"""Characters on the page itself; a scope has up to 4,000."""
_REST: Final = Both("全文", "all of it")


def proven_scope(verdict: Verdict, record: PublicRecord | None) -> str:
    """The registered text, if it is the one whose digest the code was signed over; else empty."""
    if verdict.token is None or record is None:
        return ""
    face = verdict.token.claims.face
    if not isinstance(face, LicenseFace) or digest(record.scope) != face.scope_digest:
        return ""
    return record.scope


def scope_item(scope: str) -> tuple[Item, ...]:
    """The line of the face, cut if it is long; none for an empty scope."""
    if not scope:
        return ()
    cut = len(scope) > _SHOWN
    text = f"{scope[:_SHOWN]}…" if cut else scope
    item = line("经营范围", text, _REST if cut else NOTHING)
    return (Item(item.title, item.value, item.note, long=True, more="scope" if cut else ""),)
