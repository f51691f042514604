"""Keys in an HSM, by PKCS #11. The library `python-pkcs11` is loaded once one is set up.

The library begins a module without asking it for locks and lets other threads run during a call, so
all calls of a process are made by one thread here (PKCS #11 v3.0 §5.4, C_Initialize).

A key is a pair of objects on the token: CKA_ID is its kid, CKA_LABEL `yizhao-USE-KID`.
"""

import hashlib
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from license_verify.token import cose
from registry_service.domain.key import KeyUse
from registry_service.issuing.errors import HsmLibraryMissing, HsmUnavailable
from registry_service.issuing.one_thread import OneThread

if TYPE_CHECKING:
    import pkcs11
    from pkcs11 import _pkcs11

_LABEL: Final = re.compile(r"yizhao-(?P<use>[a-z]+)-(?P<kid>[0-9a-f]{16})")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class HsmSettings:
    """Where the HSM is, and which keys live in it."""

    module: Path
    """The maker's PKCS #11 library."""
    token: str
    """Label of the token."""
    pin: str = field(repr=False)
    uses: frozenset[KeyUse]
    seconds: float = 5.0
    """How long a caller waits for one answer."""


@dataclass(frozen=True, slots=True)
class HsmKey:
    """A key that never leaves its HSM."""

    kid: bytes
    use: KeyUse
    public: cose.PublicKey
    hsm: "Hsm" = field(repr=False)

    def sign(self, said: bytes) -> bytes:
        """ECDSA over the SHA-256 of `said`: 64 bytes r || s, seen to verify.

        Raises:
            HsmUnavailable: it did not, or not in time, or what it gave does not verify.
        """
        signature = self.hsm.sign(self.kid, hashlib.sha256(said).digest())
        if not cose.raw_signature_fits(said, cose.low_s(signature), self.public):
            raise HsmUnavailable("what the HSM signed does not verify")
        return signature


class Hsm:
    """One token of an HSM."""

    def __init__(self, settings: HsmSettings) -> None:
        """Prepare; nothing is opened before it is needed."""
        self.settings = settings

    def held(self) -> list[HsmKey]:
        """Every key of ours on the token, for whatever use, as a fresh session finds them.

        One that was open while the token was away may go on to find nothing, and say so as if
        there were nothing.

        Raises:
            HsmUnavailable: it did not tell.
        """
        return [HsmKey(*found, self) for found in self._ask(_list, afresh=True)]

    def create(self, use: KeyUse) -> HsmKey:
        """Make a key on the token, which it never leaves.

        Raises:
            HsmUnavailable: it was not made, or it is not known whether it was.
        """
        return HsmKey(*self._ask(partial(_create, use)), self)

    def sign(self, kid: bytes, digest: bytes) -> bytes:
        """Sign a digest (CKM_ECDSA): 64 bytes r || s, s in whichever half.

        Raises:
            HsmUnavailable: it was not signed in time.
        """
        return self._ask(lambda session: session.sign(kid, digest))

    def _ask(self, job: "Callable[[_Session], Done]", *, afresh: bool = False) -> Done:
        try:
            from pkcs11.exceptions import PKCS11Error
        except ModuleNotFoundError:
            raise HsmLibraryMissing(
                "what speaks PKCS #11 is not installed: pip install 'yizhao[hsm]'"
            ) from None
        settings = self.settings
        thread, device = _opened(settings.module, settings.token, settings.pin)
        try:
            return thread.do(partial(device.do, job, afresh), settings.seconds)
        except TimeoutError:
            raise HsmUnavailable(
                f"the HSM did not answer within {settings.seconds:g} seconds"
            ) from None
        except PKCS11Error as error:
            said = str(error)
            why = f"{type(error).__name__}: {said}" if said else type(error).__name__
            raise HsmUnavailable(f"the HSM (token {settings.token}) failed: {why}") from None


_one_look: Final = threading.Lock()
"""A cache alone lets two who are first make one each."""


def _opened(module: Path, token: str, pin: str) -> tuple[OneThread, "_Device"]:
    """The thread and the device of this process."""
    process = os.getpid()
    with _one_look:
        return _thread(process), _device(process, module, token, pin)


@lru_cache(maxsize=1)
def _thread(process: int) -> OneThread:
    """The one thread of this process that calls modules; a forked child has one of its own."""
    return OneThread("hsm")


@lru_cache(maxsize=8)
def _device(process: int, module: Path, token: str, pin: str) -> "_Device":
    """The device as this process has it open: who logs in twice is refused by the module."""
    return _Device(module, token, pin)


class _Session:
    """An open session and the private keys found in it. For the one thread alone."""

    def __init__(self, opened: "pkcs11.Session") -> None:
        self.opened = opened
        self._private: dict[bytes, Any] = {}
        """By kid. What the library gives can sign; its types do not say so."""

    def sign(self, kid: bytes, digest: bytes) -> bytes:
        """See `Hsm.sign`."""
        from pkcs11 import Mechanism, ObjectClass

        if kid not in self._private:
            self._private[kid] = self.opened.get_key(object_class=ObjectClass.PRIVATE_KEY, id=kid)
        return bytes(self._private[kid].sign(digest, mechanism=Mechanism.ECDSA))


class _Device:
    """Opens the token, and opens it anew after a loss. For the one thread alone."""

    def __init__(self, module: Path, token: str, pin: str) -> None:
        self._module = module
        self._token = token
        self._pin = pin
        self._session: _Session | None = None
        self._refused: Exception | None = None

    def do(self, job: Callable[[_Session], Done], afresh: bool) -> Done:
        """Do it; once more on a new session if the module failed, as after the device was away.

        Args:
            job: what to do.
            afresh: on a new session from the beginning.

        A PIN that was refused is not tried again by this process: a few tries lock a token.
        """
        from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked, PKCS11Error

        if self._refused is not None:
            raise self._refused
        try:
            try:
                if afresh and self._session is not None:
                    self._forget()
                return job(self._session or self._open())
            except (PinIncorrect, PinInvalid, PinLenRange, PinLocked):
                raise
            except PKCS11Error:
                self._forget()
                return job(self._open())
        except (PinIncorrect, PinInvalid, PinLenRange, PinLocked) as error:
            self._refused = error
            raise

    def _forget(self) -> None:
        self._session = None
        self._library().reinitialize()

    def _open(self) -> _Session:
        token = self._library().get_token(token_label=self._token)
        self._session = _Session(token.open(rw=True, user_pin=self._pin))
        return self._session

    def _library(self) -> "_pkcs11.lib":
        import pkcs11

        return pkcs11.lib(str(self._module))


def _list(session: _Session) -> list[tuple[bytes, KeyUse, cose.PublicKey]]:
    from pkcs11 import Attribute, KeyType, ObjectClass

    query = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.KEY_TYPE: KeyType.EC}
    found = []
    for each in session.opened.get_objects(query):
        label = _LABEL.fullmatch(str(each[Attribute.LABEL]))
        if label and label["use"] in set(KeyUse):
            public = _public(each)  # type: ignore[arg-type] # of the class that was asked for
            found.append((cose.kid_of(public), KeyUse(label["use"]), public))
    return sorted(found, key=lambda key: key[0])


def _create(use: KeyUse, session: _Session) -> tuple[bytes, KeyUse, cose.PublicKey]:
    from pkcs11 import Attribute, KeyType, MechanismFlag
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    parameters = session.opened.create_domain_parameters(KeyType.EC, curve, local=True)
    pair = parameters.generate_keypair(
        store=True,
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
    )
    public = _public(pair[0])
    kid = cose.kid_of(public)
    for half in pair:
        half[Attribute.ID] = kid
        half[Attribute.LABEL] = f"yizhao-{use.value}-{kid.hex()}"
    return kid, use, public


def _public(key: "pkcs11.PublicKey") -> cose.PublicKey:
    from pkcs11.util.ec import encode_ec_public_key

    read = load_der_public_key(encode_ec_public_key(key))
    if not isinstance(read, ec.EllipticCurvePublicKey) or read.curve.name != "secp256r1":
        raise HsmUnavailable("a key of ours in the HSM is not on P-256")
    return read
