"""A mass run as its two people see it: asked for, confirmed, watched until it is over."""

import threading
from collections.abc import Callable
from typing import Any, Final

from tests.rpc.registry import people
from tests.rpc.registry.world import Registry
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import mass_run_pb2

_LOOK_SECONDS: Final = 0.1
_OVER: Final = (mass_run_pb2.MASS_RUN_STATE_DONE, mass_run_pb2.MASS_RUN_STATE_CANCELLED)


def begun(registry: Registry, **chosen: Any) -> Any:
    """A run that was asked for and confirmed; of all entities without a licence by default."""
    request: dict[str, Any] = {"kind": mass_run_pb2.MASS_KIND_ISSUE, "basis": "首日批量签发"}
    request |= chosen
    run = registry.as_(people.OPERATOR).admin.StartMassRun(pb.StartMassRunRequest(**request))
    return registry.as_(people.CITY).admin.ConfirmMassRun(
        pb.ConfirmMassRunRequest(name=run.name, expected_count=run.wanted_count)
    )


def over(registry: Registry, name: str, tell: Callable[[Any], None] = lambda _: None) -> Any:
    """The run once it is over."""
    pause = threading.Event()
    while True:
        run = registry.as_(people.CITY).admin.GetMassRun(pb.GetMassRunRequest(name=name))
        tell(run)
        if run.state in _OVER:
            return run
        pause.wait(_LOOK_SECONDS)
