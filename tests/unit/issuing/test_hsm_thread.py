import threading
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest

from registry_service.issuing import hsm

_CALLERS = 8
_ROUNDS = 30


def test_callers_that_are_first_at_once_get_one_thread_and_one_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two threads in a PKCS #11 module at once end the process."""

    def first(_: int) -> tuple[int, int]:
        together.wait()
        thread, device = hsm._opened(Path("no-module.so"), "no-token", "no-pin")
        return id(thread), id(device)

    with ThreadPoolExecutor(_CALLERS) as callers:
        for _ in range(_ROUNDS):
            monkeypatch.setattr(hsm, "_thread", lru_cache(hsm._thread.__wrapped__))
            monkeypatch.setattr(hsm, "_device", lru_cache(hsm._device.__wrapped__))
            together = threading.Barrier(_CALLERS)
            assert len(set(callers.map(first, range(_CALLERS)))) == 1
