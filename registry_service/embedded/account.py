"""The operating-system account that owns the data and runs the postgres processes.

PostgreSQL refuses to run as root. Started by root we hand the postgres processes, and nothing
else, to an unprivileged account.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict

from registry_service.embedded.errors import EmbeddedPostgresError

ROOT = 0


class PopenIdentity(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that change who the child is."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """An account with a passwd entry; initdb refuses to run without one."""

    uid: int
    gid: int
    name: str

    @classmethod
    def of_uid(cls, uid: int) -> Self:
        """Look the account up.

        Raises:
            EmbeddedPostgresError: the number has no passwd entry.
        """
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise EmbeddedPostgresError(
                f"user number {uid} has no entry in /etc/passwd, which initdb needs: add one, "
                "or name a PostgreSQL server that runs elsewhere by YIZHAO_REGISTRY_DATABASE_URL"
            ) from None
        return cls(uid, entry.pw_gid, entry.pw_name)

    def popen(self) -> PopenIdentity:
        """Arguments that make a child run as this account; empty if we are it already."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this account can enter the folder, or execute the file, at `path`."""
        if self.uid == os.geteuid():
            return os.access(path, os.X_OK)
        # Asked of the kernel by a child, so that ACLs and mount options count too.
        child = subprocess.run(
            ["test", "-x", str(path)],  # noqa: S607 - POSIX has it on every PATH
            cwd="/",
            check=False,
            **self.popen(),
        )
        return child.returncode == 0

    def own(self, folder: Path) -> None:
        """Make `folder` this account's alone."""
        if self.uid != os.geteuid():
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def account_for(folder: Path) -> Account:
    """Choose who runs the server whose instance folder, or data folder, is `folder`.

    An ordinary user runs it as itself. Root takes the owner of `folder`, and `nobody` for a
    folder of its own.

    Raises:
        EmbeddedPostgresError: there is no account to use.
    """
    if os.geteuid() != ROOT:
        return Account.of_uid(os.geteuid())
    owner = folder.stat().st_uid
    if owner != ROOT:
        return Account.of_uid(owner)
    try:
        return Account.of_uid(pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root and this system has no account `nobody`: "
            "start as an ordinary user, or name a server by YIZHAO_REGISTRY_DATABASE_URL"
        ) from None
