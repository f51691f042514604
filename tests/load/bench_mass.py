"""`python -m tests.load.bench_mass [entities]`: licences of a whole city, all in one run.

Signed, stored and listed, through a real registry over mutual TLS, against the raw rate at which
`cryptography` signs in as many threads as there are cores, measured just before and just after.
"""

import os
import sys
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify.limits import STATUS_LIST_BYTES
from license_verify.lists.status import Status
from license_verify.lists.status_list import StatusList, sign_status_list
from license_verify.token import cose
from license_verify.token.claims import status_uri
from tests.load.bulk import fill
from tests.load.mass import begun, over
from tests.load.processes import megabytes, seconds_spent
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import HOST, Registry, an_entity

ENTITIES: Final = 100_000
RATIO: Final = 0.35
LIST_BYTES: Final = 80 * 1024
_SIGNATURES: Final = 30_000
_SAID_BYTES: Final = 400
_NOT_VALID: Final = 0.05
_MEMORY_SECONDS: Final = 2.0
_PUBLISHED: Final = """
    SELECT FROM event, manifest
     WHERE entity_no = %s AND kind = 'entity.registered' AND feed_no <= feed_watermark
"""
_SIGNATURE: Final = bytes(31) + b"\x01" + bytes(31) + b"\x01"
"""Of the right size; what is measured does not verify it."""


@dataclass(frozen=True, slots=True)
class Raw:
    """How fast a key alone signs."""

    rate: float
    """Signatures a second, in as many threads as there are cores."""
    microseconds: float
    """Of one core, a signature."""


def raw() -> Raw:
    """Sign as much as a licence says, with nothing around it."""
    key, threads = ec.generate_private_key(ec.SECP256R1()), os.cpu_count() or 1
    said, algorithm, each = os.urandom(_SAID_BYTES), ec.ECDSA(SHA256()), _SIGNATURES // threads

    def sign() -> None:
        for _ in range(each):
            key.sign(said, algorithm)

    working = [threading.Thread(target=sign) for _ in range(threads)]
    began, spent = time.perf_counter(), time.process_time()
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    count = each * threads
    return Raw(
        count / (time.perf_counter() - began), (time.process_time() - spent) / count * 1_000_000
    )


def main(arguments: list[str]) -> int:
    """Measure, and print it."""
    entities = int(arguments[0]) if arguments else ENTITIES
    with tempfile.TemporaryDirectory(prefix="yizhao-mass-") as name, a_server() as server:
        folder = Path(name)
        certificates = Certificates(folder / "ca")
        with server.clone() as url:
            process = RegistryProcess(certificates, folder, url)
            fill(url, 1, entities)
            process.start()
            registry = Registry(process.address, certificates, url)
            try:
                _measure(registry, process, entities)
            finally:
                registry.close()
                process.stop()
    _list_size(entities)
    return 0


def _measure(registry: Registry, process: RegistryProcess, entities: int) -> None:
    before, memory, acts = raw(), _Memory(process), _Acts(registry)
    started, spent = time.monotonic(), _spent()
    run = over(registry, begun(registry).name, memory.look)
    issued = time.monotonic() - started
    acts.stop()
    _listed(registry)
    whole, cpu = time.monotonic() - started, _spent() - spent
    after = raw()
    rate, raw_rate = run.issued_count / whole, (before.rate + after.rate) / 2
    raw_cpu = (before.microseconds + after.microseconds) / 2
    cores = os.cpu_count() or 1
    sys.stdout.write(
        f"mass issue of {entities} licences: {whole:.1f} s (the last stored at {issued:.1f}), "
        f"{rate:.0f}/s; not issued {run.failed_count}, given up and done again {run.voided_count}\n"
        f"raw ES256 in {cores} threads: {before.rate:.0f}/s before, {after.rate:.0f}/s after: "
        f"ratio {rate / raw_rate:.2f} (wanted {RATIO})\n"
        f"of one core: {cpu / run.issued_count * 1e6:.0f} µs a licence in all processes, "
        f"{raw_cpu:.0f} µs a raw signature: {raw_cpu / (cpu / run.issued_count * 1e6):.2f} of it "
        f"for each core that has nothing else to do\n"
        f"acts of registrars meanwhile: {acts}\n"
        f"memory of the registry and its processes: {memory}\n"
    )


def _listed(registry: Registry) -> None:
    """Wait until what is published knows of the last event."""
    pause = threading.Event()
    while registry.rows(
        "SELECT FROM manifest, feed WHERE feed_watermark < last_no"
        " OR EXISTS (SELECT FROM event WHERE feed_no IS NULL)"
    ):
        pause.wait(0.05)


def _spent() -> float:
    """Seconds of processor that all processes of this program took, but itself."""
    return seconds_spent(os.getpid()) - time.process_time()


class _Acts:
    """A registrar who goes on registering businesses, and how soon that is published."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._seconds: list[tuple[float, float]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        client, pause = self._registry.client(self._registry.certificates.tls(people.RENCHENG)), 1.0
        while not self._stopping.wait(pause):
            began = time.monotonic()
            number = self._registry.number_of(an_entity(client).uscc)
            done = time.monotonic()
            while not self._registry.rows(_PUBLISHED, number):
                self._stopping.wait(0.01)
            self._seconds.append((done - began, time.monotonic() - done))

    def __str__(self) -> str:
        if not self._seconds:
            return "none, it was over too soon"
        answered, published = ([each[n] for each in self._seconds] for n in (0, 1))
        return (
            f"{len(answered)}, answered in {median(answered) * 1000:.0f} ms (longest "
            f"{max(answered) * 1000:.0f}), then published in {median(published) * 1000:.0f} ms "
            f"(longest {max(published) * 1000:.0f})"
        )


class _Memory:
    """What the registry and its processes hold together, from time to time."""

    def __init__(self, process: RegistryProcess) -> None:
        self._process = process
        self._seen: list[float] = []
        self._next = 0.0

    def look(self, _: object) -> None:
        """Look again, if it is time."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _MEMORY_SECONDS
        self._seen.append(megabytes(self._process.pid))

    def __str__(self) -> str:
        third = max(1, len(self._seen) // 3)
        early, late = self._seen[third : 2 * third] or self._seen, self._seen[-third:]
        return f"at most {max(early):.0f} MB in the second third, {max(late):.0f} MB in the last"


def _list_size(entities: int) -> None:
    """The size of a list of so many licences of which one in twenty is not valid."""
    random = Random(5)  # noqa: S311 - invented statuses, not keys
    bad = (Status.SUPERSEDED, Status.REVOKED, Status.DEREGISTERED, Status.SUSPENDED)
    packed = bytearray([Status.INVALID << 4 | Status.INVALID]) * STATUS_LIST_BYTES
    for index in range(min(entities, 2 * STATUS_LIST_BYTES)):
        status = random.choice(bad) if random.random() < _NOT_VALID else Status.VALID
        at, shift = index >> 1, 4 * (index & 1)
        packed[at] = packed[at] & (0xF0 >> shift) | status << shift
    now = datetime.now(UTC).replace(microsecond=0)
    content = StatusList(status_uri(HOST, 0), now, now + timedelta(days=14), 60, bytes(packed))
    began = time.perf_counter()
    document = sign_status_list(content, kid=bytes(cose.KID_BYTES), sign=lambda _: _SIGNATURE)
    seconds = time.perf_counter() - began
    sys.stdout.write(
        f"status list of {entities} licences, {_NOT_VALID:.0%} not valid: {len(document)} bytes "
        f"(wanted {LIST_BYTES} for a million), written in {seconds * 1000:.0f} ms; "
        f"zlib at its best {len(zlib.compress(bytes(packed), 9))}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
