"""Which certificates partners used here, noted in memory until the database takes it."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from license_verify.rpc.identity import Certificate


@dataclass(frozen=True, slots=True)
class Sighting:
    """A certificate that a partner used."""

    partner_id: str
    fingerprint: bytes
    serial_number: str
    """Hexadecimal."""
    expires_at: datetime
    first: datetime
    last: datetime


class Seen:
    """Notes certificates; a note costs a lookup."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[tuple[str, bytes], Sighting] = {}
        self._last: dict[tuple[str, bytes], datetime] = {}

    def note(self, partner: str, certificate: Certificate, now: datetime) -> None:
        """A partner called with a certificate."""
        key = (partner, certificate.fingerprint)
        self._last[key] = now
        if key not in self._noted:
            serial = f"{certificate.serial_number:x}"
            until = certificate.expires_at
            with self._lock:
                self._noted.setdefault(key, Sighting(*key, serial, until, now, now))

    def take(self) -> list[Sighting]:
        """What was noted since the last time."""
        with self._lock:
            noted, self._noted = self._noted, {}
            last, self._last = self._last, {}
        return [replace(each, last=last.get(key, each.last)) for key, each in noted.items()]

    def put_back(self, sightings: list[Sighting]) -> None:
        """Note again what the database did not take."""
        with self._lock:
            for each in sightings:
                key = (each.partner_id, each.fingerprint)
                later = self._noted.get(key)
                self._noted[key] = replace(each, last=later.last) if later else each
