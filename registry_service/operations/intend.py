"""What issuing licences, site codes and copies has in common: storing what will be signed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from license_verify import limits
from license_verify.lists.status import Status
from license_verify.lists.trust_list import TYP, KeyState, TrustList
from license_verify.token import cose
from license_verify.token.claims import Claims
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.license import (
    OWN_STATUS,
    DocumentKind,
    LicenseState,
    SignedDocument,
    site_status,
)
from registry_service.issuing.intent import Intent
from registry_service.operations.act import Act
from registry_service.store.publication import StoredTrust
from registry_service.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which key and on which host documents are issued now."""

    kid: bytes
    host: str


@lru_cache(maxsize=8)  # every pass of the publisher asks, and it changes with a key or a host
def trust_content(stored: StoredTrust) -> TrustList:
    """What a trust list of our own says; we signed it, so its signature is not asked again."""
    document = cose.decode(stored.content, max_bytes=limits.TRUST_LIST_BYTES, typ=TYP)
    return TrustList.decode(document.payload)


def terms(tx: Transaction, use: KeyUse = KeyUse.TOKEN) -> Terms:
    """The active key of a use, and the host that stands last in the published trust list.

    Checkers accept no other host, so the trust list and not a setting decides.

    Raises:
        SignerUnavailable: no key or no trust list yet; the registry was never initialised.
    """
    kid, stored = tx.keys.active().get(use), tx.publication.trust()
    hosts = trust_content(stored).hosts if stored else ()
    if kid is None or not hosts:
        raise SignerUnavailable(
            f"no {use.value} key and host are published yet: run `init`",
            zh="签发密钥尚未启用，暂不能签发",
        )
    return Terms(kid, hosts[-1].host)


def still_good(tx: Transaction, live: SignedDocument, facts_version: int) -> bool:
    """Whether a live document need not be issued anew."""
    return live.facts_version == facts_version and is_believed(tx, live)


def is_believed(tx: Transaction, document: SignedDocument) -> bool:
    """Whether checkers take its key and its host: one is not distrusted, the other not given up."""
    key = key_of(tx, document.kid)
    return key.state is not KeyState.DISTRUSTED and _accepted(tx, document.scan_host)


def still_sign(tx: Transaction, under: Terms) -> bool:
    """Whether what was stored under these terms may be signed: their key is active yet, and their
    host not given up."""
    return key_of(tx, under.kid).state is KeyState.ACTIVE and _accepted(tx, under.host)


def key_of(tx: Transaction, kid: bytes) -> SigningKey:
    """The key that a stored document names; nobody is kept from it meanwhile."""
    return next(key for key in tx.keys.every() if key.kid == kid)


def _accepted(tx: Transaction, host: str) -> bool:
    stored = tx.publication.trust()
    hosts = trust_content(stored).hosts if stored else ()
    return any(known.host == host and known.until is None for known in hosts)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about."""

    entity_no: int
    premises_no: int | None
    facts_version: int


def add_intent(
    act: Act,
    subject: Subject,
    under: Terms,
    entry: tuple[int, int],
    claims: Claims,
    request_id: str | None,
) -> SignedDocument:
    """Store a document as an intent: everything but its signature."""
    version = act.tx.licenses.next_version(subject.entity_no, subject.premises_no)
    document = prepared(act, subject, version, under, entry, claims, request_id)
    act.tx.licenses.add(document)
    return document


def prepared(
    act: Act,
    subject: Subject,
    version: int,
    under: Terms,
    entry: tuple[int, int],
    claims: Claims,
    request_id: str | None,
) -> SignedDocument:
    """A document as it is stored before it is signed."""
    intent = Intent.of(claims, under.kid)
    list_no, index = entry
    return SignedDocument(
        entity_no=subject.entity_no,
        premises_no=subject.premises_no,
        version=version,
        facts_version=subject.facts_version,
        state=LicenseState.INTENT,
        kid=under.kid,
        to_be_signed=intent.to_be_signed,
        list_no=list_no,
        index=index,
        scan_host=under.host,
        token_id=intent.token_id,
        created_at=act.now,
        request_id=request_id,
    )


def retire(
    act: Act, document: SignedDocument, to: LicenseState = LicenseState.SUPERSEDED
) -> LicenseState:
    """Take a document out of force: into the state `to` if it was signed, else voided.

    Its own status follows; the caller records the event.
    """
    state = to if document.token is not None else LicenseState.VOIDED
    act.tx.licenses.change(document, state)
    own = own_status(act.tx, document, state)
    act.tx.status_entries.set_own(document.entity_no, document.list_no, document.index, own)
    return state


def own_status(tx: Transaction, document: SignedDocument, state: LicenseState) -> Status:
    """The own status of a document in that state; that of a site's code knows of its place."""
    if document.premises_no is None:
        return OWN_STATUS[state]
    premises = tx.premises.find(document.entity_no, document.premises_no)
    return site_status(state, premises.state)


_COLLECTIONS: Final = {DocumentKind.LICENSE: "licenses", DocumentKind.COPY: "copies"}


def name_of(document: SignedDocument) -> str:
    """Resource name of a document below its entity, as events name it."""
    codes = f"premises/{document.premises_no}/codes"
    return f"{_COLLECTIONS.get(document.kind, codes)}/{document.version}"
