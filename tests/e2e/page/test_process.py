"""The service as operators run it: settings from the environment, signals, logs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.page.node import Node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import FACE, USCC, World

ROOT = Path(__file__).parents[3]


def environment(
    folder: Path, authorities: Authorities, world: World, registry: str
) -> dict[str, str]:
    config = settings(folder, authorities, world, registry)
    told = {
        f"YIZHAO_VERIFY_{name.upper()}": str(value) for name, value in config if value is not None
    }
    path = f"{ROOT}{os.pathsep}{ROOT / 'proto/gen'}"
    return {"PATH": os.environ["PATH"], "PYTHONPATH": path} | told


@contextmanager
def started(told: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "license_verify.server"],
        env=told,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_its_log_is_json_without_faces(
    tmp_path: Path, authorities: Authorities, world: World, log: Log, number: signal.Signals
) -> None:
    with (
        a_registry(Publisher(world), authorities) as registry,
        started(environment(tmp_path, authorities, world, registry.address)) as process,
    ):
        assert process.stderr is not None
        lines = [json.loads(process.stderr.readline())]
        while lines[-1]["event"] != "verify.serving":
            lines.append(json.loads(process.stderr.readline()))
        node = Node(lines[-1]["address"], lines[-1]["page"], authorities)
        until(lambda: node.has("live"))
        assert 'class="verdict ok"' in node.scan(world.scan()).text
        process.send_signal(number)
        out, rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == ""
    lines += [json.loads(line) for line in rest.splitlines()]
    assert "verify.draining" in {line["event"] for line in lines}
    written = json.dumps(lines, ensure_ascii=False)
    assert [each for each in (FACE.name, FACE.person, USCC) if str(each) in written] == []


def test_wrong_settings_are_refused_by_name(
    tmp_path: Path, authorities: Authorities, world: World
) -> None:
    told = environment(tmp_path, authorities, world, "127.0.0.1:1")
    told |= {"YIZHAO_VERIFY_REGISTRY": "nowhere", "YIZHAO_VERIFY_REFRESH_SECONDS": "-1"}
    del told["YIZHAO_VERIFY_ROOT"]
    with started(told) as process:
        _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    for name in ("REGISTRY: ", "REFRESH_SECONDS: ", "ROOT: "):
        assert f"YIZHAO_VERIFY_{name}" in error
    assert "nowhere" not in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("setting", "content", "words"),
    [
        ("ROOT", b"-----BEGIN CERTIFICATE-----", "BEGIN PUBLIC KEY"),
        ("OFFICIALS_CA", b"", "PEM"),
        ("HTTPS_KEY", b"no key", "certificate or key"),
    ],
)
def test_an_unfit_file_is_named_before_anything_serves(
    tmp_path: Path,
    authorities: Authorities,
    world: World,
    setting: str,
    content: bytes,
    words: str,
) -> None:
    told = environment(tmp_path, authorities, world, "127.0.0.1:1")
    Path(told[f"YIZHAO_VERIFY_{setting}"]).write_bytes(content)
    with started(told) as process:
        _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert words in error
    assert "Traceback" not in error
