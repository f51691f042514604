"""The code of the release before this one, out of the history, in a folder of its own."""

import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Final

from clients.development.ca import Credential
from clients.local.services import Service
from registry_service.config import PREFIX, Config

ROOT: Final = Path(__file__).parents[3]
COMMIT: Final = Path(__file__).with_name("previous_release").read_text("ascii").strip()
"""Set anew with each release, together with `PREVIOUS_NEWEST` of the migrations."""
_PARTS: Final = ("registry_service", "license_verify", "clients", "proto/gen")


class NoHistory(Exception):
    """This is no clone that reaches back to that release."""


def unpack(folder: Path, commit: str = COMMIT) -> Path:
    """Write that release's packages into `folder`.

    Raises:
        NoHistory: there is no git, no repository, or not that commit.
    """
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", commit, *_PARTS]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError:
        raise NoHistory("git is not installed") from None
    except subprocess.CalledProcessError as error:
        raise NoHistory(error.stderr.decode(errors="replace").strip()) from None
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        # Debian 12's Python 3.11.2 knows no filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)  # noqa: S202 - an archive of our own repository
    return folder


def environ(code: Path) -> dict[str, str]:
    """Our environment, in which Python finds the packages in `code` before any of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIZHAO_", "PYTHON"))}
    path = os.pathsep.join((str(code), str(code / "proto" / "gen")))
    # Safe path: else `python -m` looks into the working directory first, which is this checkout.
    return kept | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


_IMPORT: Final = """
import json, sys
from pathlib import Path
from clients.sdk import RegistryClient
from license_verify.rpc.tls import TlsFiles
from yizhao.registry.v1 import admin_service_pb2 as pb
address, cert, key, root, row = sys.argv[1:]
tls = TlsFiles.load(Path(cert), Path(key), [Path(root)])
with RegistryClient.open(address, tls) as registry:
    part = [pb.ImportRow(line=2, fields=json.loads(row))]
    (answer,) = registry.admin.import_entities("provincial", "file.csv", [part])
    print(answer.imported_count)
"""
"""Files were sent in another form then, so that release's own client sends one."""


def import_row(
    code: Path, address: str, operator: Credential, root: Path, row: dict[str, str]
) -> int:
    """Let that release's client send a file of one row; how many were imported."""
    names = (address, str(operator.cert), str(operator.key), str(root), json.dumps(row))
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, *names],
        env=environ(code),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def service(code: Path, config: Config, address: str) -> Service:
    """That release's registry, with these settings."""
    values = config.model_dump(exclude_unset=True) | {"listen": address}
    values["database_url"] = config.database_url.get_secret_value()
    given = {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}
    return Service("registry", "registry_service", "registry.serving", environ(code) | given)
