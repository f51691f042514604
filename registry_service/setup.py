"""First start: schema, units, keys, trust list, first operator."""

from datetime import UTC, date, datetime, timedelta

import structlog

from license_verify.codes import unit as codes
from license_verify.rpc.settings import ConfigRefused
from registry_service.config import PREFIX, Config
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import FIRST_USES
from registry_service.domain.staff import SYSTEM, Assignment, Role, Staff
from registry_service.domain.staff_event import StaffEvent, assignment_detail
from registry_service.domain.unit import Alias, Unit
from registry_service.issuing.signer import KeyRing
from registry_service.operations.establish_keys import establish_keys, publish_trust
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.migrate import migrate
from registry_service.store.publishing import serving_register
from registry_service.store.transaction import Store, Transaction
from registry_service.waterline import Waterline

_log = structlog.stdlib.get_logger()
FIRST_OPERATOR = "0001"
_ALWAYS = date(1900, 1, 1)


def initialise(config: Config) -> list[int]:
    """Make an empty database and key folder ready to serve; repeat it without harm.

    Returns:
        Numbers of the migrations applied.

    Raises:
        DatabaseUnavailable: the database does not answer.
        KeyFolderRefused: the key folder can't be trusted.
        HsmUnavailable: the HSM did not answer.
        ConfigRefused: nobody is named as the first operator.
        DatabaseRestored, WaterlineMissing, RegisterHeld: a recovery has to be done first.
    """
    applied = migrate(config.database_url.get_secret_value())
    guard = RestoreGuard(Waterline(config.waterline_file))
    with Store(config.database_url.get_secret_value(), 1) as store, store.transaction() as tx:
        guard.require_current(tx)
        active = tx.keys.active()
    # A use that has an active key gets no other: that key may be kept elsewhere, as a root is.
    places = config.key_places()
    held = places.create_missing(use for use in FIRST_USES if use not in active)
    now = datetime.now(UTC)
    with (
        Store(config.database_url.get_secret_value(), 2) as store,
        serving_register(store),
        store.transaction() as tx,
    ):
        _seed_units(tx)
        name_issuers(tx, config)
        _seed_operator(tx, config.first_operator_name, now)
        ring = establish_keys(tx, KeyRing(held, {}, places), now)
        _publish_trust(tx, ring, config, now)
    return applied


def _publish_trust(tx: Transaction, ring: KeyRing, config: Config, now: datetime) -> None:
    """Tell checkers what is new; where the root is kept elsewhere that waits for its ceremony."""
    try:
        publish_trust(tx, ring, config.host, config.environment, now)
    except SignerUnavailable:
        if tx.publication.trust() is None:
            raise
        _log.warning("registry.ceremony_due")


def _seed_units(tx: Transaction) -> None:
    for unit in codes.UNITS.values():
        tx.units.put(Unit(unit.id, unit.name, unit.kind.value, unit.parent))
    for alias in codes.ALIASES:
        last = alias.until - timedelta(days=1) if alias.until else None
        since = alias.since or _ALWAYS
        tx.units.put_alias(Alias(alias.source.value, alias.code, alias.unit, since, last))


def name_issuers(tx: Transaction, config: Config) -> None:
    """Put the configured authorities into force; repeat it without harm.

    Raises:
        ConfigRefused: a unit is unknown, or went by another code before.
    """
    for unit, code in config.issuer_codes.items():
        if not tx.units.give_code(unit, code):
            raise ConfigRefused(
                f"{PREFIX}ISSUER_CODES: there is no unit {unit}, or licences of it were issued"
                " under another code; name that one"
            )


def _seed_operator(tx: Transaction, name: str, now: datetime) -> None:
    """Add the one person whom no operator adds; the event says so by an empty actor."""
    if tx.staff.page("", 1):
        return
    if not name:
        raise ConfigRefused(
            f"{PREFIX}FIRST_OPERATOR_NAME: the staff table is empty; name the person who will be"
            f" staff {FIRST_OPERATOR} and add the others"
        )
    role = Assignment(codes.CITY, Role.OPERATOR, now.date())
    tx.staff.put(Staff(FIRST_OPERATOR, name, (role,)))
    tx.staff_events.add(
        StaffEvent(
            staff_no=FIRST_OPERATOR,
            kind="staff.added",
            person_name=name,
            detail={"added": [assignment_detail(role)], "ended": [], "disabled": False},
            actor=SYSTEM.number,
            actor_name=SYSTEM.person_name,
            workload=SYSTEM.workload,
            recorded_at=now,
        )
    )
