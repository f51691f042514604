"""The code of the release before this one, out of the history, in a folder of its own."""

import os
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Final

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
        archive.extractall(folder, filter="data")
    return folder


def environ(code: Path) -> dict[str, str]:
    """Our environment, in which Python finds the packages in `code` before any of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIZHAO_", "PYTHON"))}
    path = os.pathsep.join((str(code), str(code / "proto" / "gen")))
    # Safe path: else `python -m` looks into the working directory first, which is this checkout.
    return kept | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def service(code: Path, config: Config, address: str) -> Service:
    """That release's registry, with these settings."""
    values = config.model_dump(exclude_unset=True) | {"listen": address}
    values["database_url"] = config.database_url.get_secret_value()
    given = {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}
    return Service("registry", "registry_service", "registry.serving", environ(code) | given)
