"""Work on the database of an instance while nothing of it runs: restore, recover."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from clients.development.ca import DevelopmentCa
from clients.exits import Failure
from clients.local.ports import Ports, PortTaken
from clients.local.services import Databases, services
from clients.local.stack import databases, locked


@contextmanager
def at_rest(folder: Path, environ: Mapping[str, str], say: Callable[[str], None]) -> Iterator[str]:
    """The URL of the register's database, started if it is the embedded one; nothing else runs.

    Raises:
        Failure: there is no such instance, or it is up.
    """
    if not folder.is_dir():
        raise Failure(
            f"there is no instance in {folder}: say where with --instance FOLDER",
            zh=f"{folder} 中没有安装，请用 --instance 指明目录",
        )
    folder = folder.resolve()
    with locked(folder), databases(folder, environ, say) as urls:
        yield urls.registry


def recover(folder: Path, url: str, arguments: list[str]) -> int:
    """Run the registry's recovery with the settings of the instance; returns its exit code.

    Raises:
        Failure: the instance was never up.
    """
    authority = DevelopmentCa(folder, now=lambda: datetime.now(UTC))
    try:
        ports = Ports.of(folder / "ports.json", None)
    except (PortTaken, ValueError) as error:
        raise Failure(str(error), zh="端口不可用") from error
    registry = services(folder, authority, ports, Databases(url, ""))[0]
    command = [*registry.command()[:2], "registry_service.recover", *arguments]
    return subprocess.run(command, env=dict(registry.environ), check=False).returncode
