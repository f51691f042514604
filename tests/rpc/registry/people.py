"""Who calls in these tests, and with what certificate."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from clients.development.authority import Authority, key_pem
from clients.development.ca import TRUST_DOMAIN, Credential, DevelopmentCa
from clients.local.people import PEOPLE
from license_verify.codes.unit import Source, resolve
from license_verify.rpc.tls import TlsFiles
from registry_service.domain.staff import Assignment, Role, Staff

OPERATOR, OTHER_OPERATOR = "staff/0001", "staff/0002"
RENCHENG, RENCHENG_SUPERVISOR = "staff/0101", "staff/0102"
QUFU, QUFU_SUPERVISOR = "staff/0201", "staff/0202"
ZOUCHENG, ZOUCHENG_SUPERVISOR = "staff/0301", "staff/0302"
RENCHENG_HEAD, QUFU_HEAD = "staff/0103", "staff/0203"
CITY_HEAD, POLICY, OTHER_POLICY = "staff/0903", "staff/0801", "staff/0802"
CITY, CITY_REGISTRAR, AUDITOR = "staff/0900", "staff/0901", "staff/0999"
CUSTODIAN, OTHER_CUSTODIAN = "staff/0701", "staff/0702"
BANK, VERIFY = "partner/icbank", "service/verify"
SINCE = date(2020, 1, 1)
_ROOT_OF = {"staff": "officials", "partner": "partners", "service": "services"}


def staff() -> list[Staff]:
    """The development people, as rows of the staff table."""
    return [
        Staff(
            person.number,
            person.name,
            (Assignment(_unit(person.unit), Role[person.role], SINCE),),
        )
        for person in PEOPLE
    ]


def name_of(caller: str) -> str:
    """The name of a person, as events tell it."""
    return next(person.name for person in PEOPLE if f"staff/{person.number}" == caller)


def _unit(title: str) -> int:
    return resolve(Source.NAME.value, title, SINCE).id


class Certificates:
    """The development CA of these tests, and what it would never issue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ca = DevelopmentCa(folder, now=lambda: datetime.now(UTC))
        self._ca.roots("officials", "partners", "services")

    def root(self, name: str) -> Path:
        """The certificate of one of the authorities."""
        return self.folder / "ca" / name / "cert.pem"

    def issue(self, caller: str) -> Credential:
        """The certificate of a caller, as `staff/0101`."""
        kind, _, name = caller.partition("/")
        return self._ca.issue(kind, name)  # type: ignore[arg-type] # a kind, as written in the tests

    def tls(self, caller: str) -> TlsFiles:
        """What a client named `caller` opens a channel with."""
        return tls_of(self.issue(caller))

    def ended(self, caller: str) -> TlsFiles:
        """A certificate that ended a minute ago."""
        return self._signed(caller, _ROOT_OF[caller.partition("/")[0]], timedelta(minutes=-1))

    def by_authority(self, root: str, caller: str) -> TlsFiles:
        """A certificate for `caller` from an authority that may not name it."""
        return self._signed(caller, root, timedelta(hours=1))

    def _signed(self, caller: str, root: str, life: timedelta) -> TlsFiles:
        now = datetime.now(UTC)
        authority = Authority.open(self.root(root).parent, root, [], now)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.UniformResourceIdentifier(f"spiffe://{TRUST_DOMAIN}/{caller}")
        certificate = authority.sign(key.public_key(), caller, [name], now=now, life=life)
        return TlsFiles(certificate, key_pem(key), self.root("services").read_bytes())


def tls_of(credential: Credential) -> TlsFiles:
    """The files of a credential."""
    return TlsFiles.load(credential.cert, credential.key, [credential.ca])
