"""The registry: `python -m registry_service [serve|init]`."""

import os
import sys
from contextlib import ExitStack
from typing import Final

import structlog

from license_verify.refusal import Refusal
from license_verify.rpc.logging import configure
from license_verify.rpc.metrics import Exposed, Metrics
from license_verify.rpc.settings import ConfigRefused
from license_verify.rpc.stopping import Stopping
from license_verify.rpc.tracing import start_tracing
from registry_service.composition import serving
from registry_service.config import Config
from registry_service.domain.host_errors import HostRefusal
from registry_service.setup import initialise

_REFUSED: Final = 2
_log = structlog.stdlib.get_logger()


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C, or make ready; 2 if it can't begin, the cause on stderr."""
    configure(os.environ.get("YIZHAO_REGISTRY_LOG_LEVEL", "INFO"))
    act = {"serve": _serve, "init": _init}.get(arguments[0] if arguments else "serve")
    if act is None or len(arguments) > 1:
        sys.stderr.write("usage: python -m registry_service [serve|init]\n")
        return _REFUSED
    try:
        act(Config.load())
    except ConfigRefused as error:
        sys.stderr.write(f"settings refused: {error}\n")
        return _REFUSED
    except (Refusal, OSError, ValueError) as error:
        # Of the database, files and addresses that the operator named.
        sys.stderr.write(f"cannot start: {error}\n")
        if isinstance(error, Refusal) and error.zh:
            sys.stderr.write(f"{error.zh}\n")
        return _REFUSED
    return 0


def _serve(config: Config) -> None:
    stopping = Stopping()
    stopping.listen()
    lost: list[HostRefusal] = []

    def end(error: HostRefusal) -> None:
        lost.append(error)
        stopping.asked.set()

    with ExitStack() as stack:
        stack.callback(start_tracing("yizhao-registry", os.environ))
        metrics, told = None, ""
        if config.metrics_listen is not None:
            metrics = Metrics()
            exposed = Exposed.at(config.metrics_listen, metrics.registry)
            stack.callback(exposed.close)
            told = exposed.address
        server = stack.enter_context(serving(config, lost=end, metrics=metrics))
        _log.info("registry.serving", address=server.address, metrics=told)
        stopping.asked.wait()
        _log.info("registry.draining")
        server.say_that_it_ends()
        stopping.give_notice(config.drain_notice_seconds)
    if lost:
        raise lost[0]


def _init(config: Config) -> None:
    applied = initialise(config)
    _log.info("registry.ready", migrations=applied)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
