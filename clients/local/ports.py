"""Ports of an instance, chosen once: the page's port stands in every code that is printed."""

import json
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens where this instance has to."""


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports on the loopback interface."""

    registry: int
    verify: int
    page: int

    @classmethod
    def of(
        cls, file: Path, page: int | None, is_free: "Callable[[int], bool] | None" = None
    ) -> "Ports":
        """Read the ports of `file`, or choose free ones and write them there.

        Args:
            file: where they are kept.
            page: the page's port if the caller wants one; codes printed before name the old one.
            is_free: whether a port can be listened on; asks the system if absent.

        Raises:
            PortTaken: one of them is in use by another program.
        """
        known = cls.known(file)
        ports = known or cls._free()
        if page is not None:
            ports = replace(ports, page=page)
        for name, port in asdict(ports).items():
            if not (is_free or _is_free)(port):
                raise PortTaken(
                    f"port {port} of this instance's {name} is in use by another program: stop "
                    f"that one, or remove {file} to choose new ports (codes printed before name "
                    "the old one)"
                )
        if ports != known:
            file.write_text(json.dumps(asdict(ports)) + "\n", encoding="utf-8")
        return ports

    @classmethod
    def known(cls, file: Path) -> "Ports | None":
        """Those of the file; None where none were chosen yet."""
        return cls(**json.loads(file.read_text("utf-8"))) if file.exists() else None

    @classmethod
    def _free(cls) -> "Ports":
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket.socket()) for _ in range(3)]
            for each in sockets:
                each.bind((LOOPBACK, 0))
            return cls(*(each.getsockname()[1] for each in sockets))


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
