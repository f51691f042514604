"""Where one instance of the database lies: its data, its lock, its log, its socket."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from registry_service.embedded.account import ROOT, Account, account_for
from registry_service.embedded.binaries import SHARED_HOME
from registry_service.embedded.errors import AlreadyRunning, EmbeddedPostgresError
from registry_service.embedded.postmaster import clear_leftovers
from registry_service.embedded.settings import PORT, access_files, initdb_arguments

SOCKET_FOLDER_PREFIX: Final = "yz-"

_SOCKET_PATH_LIMIT: Final = 107  # bytes of sun_path, less its final zero
_LOG_LIMIT: Final = 10_000_000
_POLL_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class DatabaseFolder:
    """The instance folder, the account that runs the server and the data folder.

    The data lie in `<folder>/data`; where root's unprivileged account can't enter `folder`, in
    `/var/lib/yizhao/<random>/data`, and the file `<folder>/location` says so.
    """

    folder: Path
    account: Account
    data: Path

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Find the data of `folder`, or choose a place for them.

        Raises:
            EmbeddedPostgresError: recorded data are gone, or belong to someone else.
        """
        folder = folder.resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            data = _existing_data(folder)
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"{error.filename} is not ours to open: run as its owner, or use another folder"
            ) from error
        if data is not None:
            owner = data.stat().st_uid
            if os.geteuid() not in (ROOT, owner):
                raise EmbeddedPostgresError(f"{data} belongs to user {owner}: run as that user")
            return cls(folder, account_for(data), data)
        account = account_for(folder)
        if account.reaches(folder):
            return cls(folder, account, folder / "data")
        return cls(folder, account, _elsewhere(folder, account) / "data")

    @property
    def log(self) -> Path:
        """The server's own log, appended to by every start."""
        return self.folder / "postgres.log"

    @property
    def version(self) -> int | None:
        """Major version of the data; None before the first start."""
        with suppress(FileNotFoundError):
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        return None

    def lock(self, *, patience_seconds: float = 45) -> int:
        """Take the lock that the guard will hold; returns its file descriptor.

        A guard whose process has died is waited for: it is shutting the server down.

        Raises:
            AlreadyRunning: the server of another process holds it.
        """
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        end = time.monotonic() + patience_seconds
        while not _locked(descriptor):
            if _is_alive(os.pread(descriptor, 20, 0)) or time.monotonic() > end:
                os.close(descriptor)
                raise AlreadyRunning(
                    f"the database in {self.folder} is already run by another process: "
                    "stop that one first, or use another instance folder"
                )
            time.sleep(_POLL_SECONDS)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

    def is_locked(self) -> bool:
        """Whether some process runs this folder's server, or is just starting or ending it."""
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _locked(descriptor)
        finally:
            os.close(descriptor)

    def rotate_log(self) -> None:
        """Keep one old log once the current one is large."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_LIMIT:
                self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)

    def initialise(self, programs: Path, *, durable: bool) -> None:
        """Run initdb beside the final place and move its finished result there.

        Raises:
            EmbeddedPostgresError: initdb failed; its own words are in the text.
        """
        new = self.data.with_name("data.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        self.account.own(new)
        done = subprocess.run(
            [str(programs / "initdb"), *initdb_arguments(new, durable=durable)],
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **self.account.popen(),
        )
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip()
            raise EmbeddedPostgresError(f"initdb could not make {new}: {words}")
        starter = Account.of_uid(os.geteuid())
        for name, text in access_files(starter, self.account).items():
            (new / name).write_text(text, encoding="utf-8")
        new.rename(self.data)

    def new_socket_folder(self) -> Path:
        """Make a private folder with a path short enough for a Unix socket."""
        for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - private below it
            longest = base / f"{SOCKET_FOLDER_PREFIX}12345678" / f".s.PGSQL.{PORT}"
            if len(os.fsencode(longest)) <= _SOCKET_PATH_LIMIT and self.account.reaches(base):
                self.remove_socket_folder()
                made = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER_PREFIX, dir=base))
                self.account.own(made)
                (self.folder / "socket").write_text(f"{made}\n", encoding="utf-8")
                return made
        raise EmbeddedPostgresError(
            f"no temporary folder with a short path that {self.account.name} can enter: set TMPDIR"
        )

    def remove_socket_folder(self) -> None:
        """Remove the socket folder of the last start, if its guard could not."""
        with suppress(FileNotFoundError):
            old = Path((self.folder / "socket").read_text(encoding="utf-8").strip())
            if old.name.startswith(SOCKET_FOLDER_PREFIX):
                shutil.rmtree(old, ignore_errors=True)


def remove_instance(folder: Path) -> None:
    """Destroy the database of `folder`, wherever its data lie, and its files in `folder`.

    Raises:
        AlreadyRunning: its server is running.
    """
    if not folder.is_dir():
        return
    place = DatabaseFolder.open(folder)
    lock = place.lock()
    try:
        clear_leftovers(place.data)
        place.remove_socket_folder()
        home = place.data.parent
        shutil.rmtree(home if home != place.folder else place.data, ignore_errors=True)
        for name in ("location", "postgres.log", "postgres.log.1", "socket", "lock"):
            (place.folder / name).unlink(missing_ok=True)
    finally:
        os.close(lock)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: bytes) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ProcessLookupError, ValueError):
        return False
    return True


def clean_environment() -> dict[str, str]:
    """An environment without PG… variables, library paths and locales of the caller."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _existing_data(folder: Path) -> Path | None:
    location = folder / "location"
    if not location.exists():
        data = folder / "data"
        return data if data.exists() else None
    data = Path(location.read_text(encoding="utf-8").strip()) / "data"
    if not data.exists() and not data.parent.exists():
        raise EmbeddedPostgresError(
            f"the database recorded in {location} is gone: bring {data.parent} back, or remove "
            f"{location} to start with an empty one"
        )
    return data if data.exists() else None


def _elsewhere(folder: Path, account: Account) -> Path:
    location = folder / "location"
    if location.exists():  # an earlier start died before initdb was done
        return Path(location.read_text(encoding="utf-8").strip())
    SHARED_HOME.mkdir(mode=0o755, exist_ok=True)
    if not account.reaches(SHARED_HOME):
        raise EmbeddedPostgresError(
            f"{account.name} can enter neither {folder} nor {SHARED_HOME}: open one of them to it"
        )
    home = Path(tempfile.mkdtemp(prefix="instance-", dir=SHARED_HOME))
    account.own(home)
    location.write_text(f"{home}\n", encoding="utf-8")
    return home
