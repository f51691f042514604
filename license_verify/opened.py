"""Checks 1 to 5 as far as no clock is needed: a pure function of scan text and trust list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from license_verify.checks import Check, CheckName, failed, passed, unknown
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.reasons import Reason
from license_verify.token import claims as tokens
from license_verify.token import cose
from license_verify.token.claims import Token
from license_verify.token.errors import ForeignCode, ScanRefused, TokenRefused
from license_verify.token.scan import ScanText
from license_verify.trust import Trust

_KEY: Final = CheckName.KEY_TRUST
_TOKEN, _DISTRUSTED = Use.TOKEN, KeyState.DISTRUSTED  # see `checks`
_READ: Final = passed(CheckName.READ)
_FORMAT: Final = passed(CheckName.FORMAT)
_KEY_TRUST: Final = passed(CheckName.KEY_TRUST)
_SIGNATURE: Final = passed(CheckName.SIGNATURE)
_SIGNATURE_WRONG: Final = failed(CheckName.SIGNATURE, Reason.SIGNATURE_WRONG)
_NO_FORMAT: Final = unknown(CheckName.FORMAT, Reason.NOT_REACHED)
_NO_KEY: Final = unknown(CheckName.KEY_TRUST, Reason.NOT_REACHED)
_NO_SIGNATURE: Final = unknown(CheckName.SIGNATURE, Reason.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class Opened:
    """A scan read and its signature checked. May be cached by the whole scan text, as long as
    the trust list's version and environment stay the same."""

    scan: ScanText | None
    token: Token | None
    read: Check
    format: Check
    key_trust: Check
    signature: Check
    trust_version: int
    foreign_system: str = ""
    """`e-licence` or `publicity` for a FOREIGN_CODE."""

    @property
    def signed(self) -> bool:
        """Whether SIGNATURE passed; without it nothing of the token may be shown."""
        return self.signature is _SIGNATURE


_Unchecked: TypeAlias = tuple[ScanText, Token, TrustedKey]
"""A scan of which everything passed so far, and the key that is to have signed it."""


def open_scan(text: str, trust: Trust) -> Opened:
    """Read a scan text and check its signature. Never raises for what the text holds."""
    return _signature_checked(_read(text, trust), trust.version)


def open_scans(texts: Iterable[str], trust: Trust) -> list[Opened]:
    """The same for several.

    All are read before the first signature is checked. To go to and fro between the two costs a
    seventh more: each pushes the other's code and tables out of the processor's caches.
    """
    read = [_read(text, trust) for text in texts]
    return [_signature_checked(each, trust.version) for each in read]


def _read(text: str, trust: Trust) -> Opened | _Unchecked:
    """Everything but the signature; what can't have a good one is opened with that."""
    version = trust.version
    try:
        scan = ScanText.parse(text)
    except ForeignCode as error:
        read = unknown(CheckName.READ, Reason.FOREIGN_CODE)
        system = error.metadata["system"]
        return Opened(None, None, read, _NO_FORMAT, _NO_KEY, _NO_SIGNATURE, version, system)
    except ScanRefused as error:
        read = failed(CheckName.READ, Reason(error.reason))
        return Opened(None, None, read, _NO_FORMAT, _NO_KEY, _NO_SIGNATURE, version)
    try:
        token = tokens.read(scan.data)
    except TokenRefused as error:
        refused = failed(CheckName.FORMAT, Reason(error.reason))
        return Opened(scan, None, _READ, refused, _NO_KEY, _NO_SIGNATURE, version)
    key, key_trust = _trusted_key(token.sign1, token.claims.issued_at, trust)
    # Also a true signature of a key that is not to be believed passes nothing: its face is
    # somebody's invention.
    if key is None:
        return Opened(scan, token, _READ, _FORMAT, key_trust, _NO_SIGNATURE, version)
    return scan, token, key


def _signature_checked(read: Opened | _Unchecked, version: int) -> Opened:
    """5 SIGNATURE, where there is a key to check it with."""
    if isinstance(read, Opened):
        return read
    scan, token, key = read
    fits = cose.signature_fits(token.sign1, key.key, key.alg)
    signature = _SIGNATURE if fits else _SIGNATURE_WRONG
    return Opened(scan, token, _READ, _FORMAT, _KEY_TRUST, signature, version)


def _trusted_key(
    document: cose.Sign1, issued_at: datetime, trust: Trust
) -> tuple[TrustedKey | None, Check]:
    """4 KEY_TRUST: a token key of the trust list, in its time, of the expected environment."""
    if trust.manifest is None:
        return None, unknown(_KEY, trust.problem or Reason.TRUST_MISSING)
    if trust.environment != trust.expected_environment:
        return None, failed(_KEY, Reason.ENVIRONMENT_MISMATCH)
    key = trust.keys.get(document.kid)
    if key is None:
        return None, failed(_KEY, Reason.KEY_UNKNOWN)
    if key.use is not _TOKEN:
        return None, failed(_KEY, Reason.KEY_WRONG_USE)
    if key.state is _DISTRUSTED:
        return None, failed(_KEY, Reason.KEY_DISTRUSTED)
    if not key.may_sign_at(issued_at):
        return None, failed(_KEY, Reason.KEY_NOT_IN_ITS_TIME)
    return key, _KEY_TRUST
