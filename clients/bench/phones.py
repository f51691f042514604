"""Visitors of the page: h2load of nghttp2 where it is installed, else a client of ours."""

import http.client
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from clients.bench.calls import CallFailed

TOGETHER: Final = 4
"""Visitors at a time, each on a connection of its own."""
_SECONDS: Final = 120
_SUCCEEDED: Final = re.compile(r"(\d+) succeeded.*?status codes: (\d+) 2xx", re.DOTALL)


def program() -> str:
    """What fetches."""
    return "h2load" if _h2load() else "our own client"


def _h2load() -> str | None:
    return shutil.which("h2load")


def fetch(address: str, paths: Sequence[str]) -> None:
    """Fetch each path once, compressed, over HTTP/1.1 and TLS.

    Raises:
        CallFailed: one was not answered with 200.
    """
    installed = _h2load()
    visit = partial(_by_h2load, installed) if installed else _by_hand
    shares = [paths[number::TOGETHER] for number in range(TOGETHER)]
    with ThreadPoolExecutor(TOGETHER) as visitors:
        # A list, so that what went wrong in one is raised here.
        list(visitors.map(visit, [address] * TOGETHER, shares))


def anybody() -> ssl.SSLContext:
    """TLS of a visitor who does not look at the certificate, as h2load."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _by_h2load(installed: str, address: str, paths: Sequence[str]) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".txt") as file:
        file.writelines(f"https://{address}{path}\n" for path in paths)
        file.flush()
        done = subprocess.run(
            [installed, "--h1", "--clients=1", f"--requests={len(paths)}",
             "--header=Accept-Encoding: gzip", f"--input-file={Path(file.name)}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )  # fmt: skip
    found = _SUCCEEDED.search(done.stdout)
    if found is None or {int(found[1]), int(found[2])} != {len(paths)}:
        raise CallFailed(f"h2load: {done.stdout[-500:]} {done.stderr[-500:]}")


def _by_hand(address: str, paths: Sequence[str]) -> None:
    connection = http.client.HTTPSConnection(address, context=anybody(), timeout=_SECONDS)
    try:
        for path in paths:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise CallFailed(f"the page answers {answer.status}")
    finally:
        connection.close()
