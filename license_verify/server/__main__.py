"""The verifying service: `python -m license_verify.server [serve|init|retain|recheck]`."""

import gc
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final

import structlog

from license_verify.refusal import Refusal
from license_verify.rpc.logging import configure
from license_verify.rpc.metrics import Exposed, Metrics
from license_verify.rpc.settings import ConfigRefused
from license_verify.rpc.stopping import Stopping
from license_verify.rpc.tracing import start_tracing
from license_verify.server.composition import serving
from license_verify.server.config import PREFIX, Config
from license_verify.server.database.migrate import migrate
from license_verify.server.usage.upkeep import make_partitions, opened, recheck_all, retain
from license_verify.server.workers import supervise, tell_supervisor, worker_number

_REFUSED: Final = 2
_COLLECTED_AFTER: Final = 20_000
"""New objects between two looks for cycles. A batch keeps as many till its answer leaves, and to
look through all the scans kept open, at Python's 700, takes a fifteenth of its time."""
_log = structlog.stdlib.get_logger()


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C, or do what is named; 2, with the cause on stderr, if not."""
    number = worker_number(arguments)
    act = _ACTS.get(arguments[0]) if len(arguments) == 1 else None
    if number is None and act is None and arguments not in ([], ["serve"]):
        sys.stderr.write(f"usage: python -m license_verify.server [serve|{'|'.join(_ACTS)}]\n")
        return _REFUSED
    configure(os.environ.get("YIZHAO_VERIFY_LOG_LEVEL", "INFO"))
    stopping = Stopping()
    stopping.listen()
    try:
        config = Config.load()
        if act is not None:
            return act(config)
        if number is None and config.processes > 1:
            return supervise(config, stopping)
        _serve(config, number, stopping)
    except ConfigRefused as error:
        sys.stderr.write(f"settings refused: {error}\n")
        return _REFUSED
    except Refusal as error:
        sys.stderr.write(f"cannot start: {error}\n")
        return _REFUSED
    except (OSError, ValueError) as error:
        # Of files and addresses that the operator named; no request was taken yet.
        sys.stderr.write(f"cannot start: {error}\n")
        return _REFUSED
    return 0


def _initialise(config: Config) -> int:
    """Make this side's tables; repeat it without harm."""
    if config.database_url is None:
        raise ConfigRefused(f"{PREFIX}DATABASE_URL: name the database whose tables are to be made")
    applied = migrate(config.database_url.get_secret_value())
    with opened(config) as database:
        make_partitions(database)
    _log.info("verify.ready", migrations=applied)
    return 0


_ACTS: Final[Mapping[str, Callable[[Config], int]]] = {
    "init": _initialise,
    "retain": retain,
    "recheck": recheck_all,
}
"""What is done and over, besides serving."""


def _serve(config: Config, number: int | None, stopping: Stopping) -> None:
    with ExitStack() as stack:
        stack.callback(start_tracing("yizhao-verify", os.environ))
        metrics, told = None, ""
        if config.metrics_listen is not None:
            metrics = Metrics()
            # The address itself is the supervisor's, which asks each worker.
            address = config.metrics_listen if number is None else "127.0.0.1:0"
            exposed = Exposed.at(address, metrics.registry)
            stack.callback(exposed.close)
            told = exposed.address
        rpc, page = stack.enter_context(serving(config, number, metrics))
        gc.freeze()
        gc.set_threshold(_COLLECTED_AFTER)
        _log.info("verify.serving", address=rpc.address, page=page.address, metrics=told)
        if number is not None:
            tell_supervisor(stopping, told)
        stopping.asked.wait()
        _log.info("verify.draining")
        rpc.say_that_it_ends()
        stopping.give_notice(config.drain_notice_seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
