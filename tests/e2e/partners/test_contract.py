"""What the contract of the verifying side promises about partners."""

import pkgutil
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

from license_verify import server
from license_verify.refusal import Refusal
from license_verify.rpc.errors import CODES

PROTO = Path(__file__).parents[3] / "proto" / "yizhao" / "verify" / "v1"


def refusals() -> list[type[Refusal]]:
    """Those of PartnerService and of the desk before every check."""
    found = [
        import_module(module.name)
        for part in ("partners", "database")
        for module in pkgutil.walk_packages(server.__path__, "license_verify.server.")
        if module.name.startswith(f"license_verify.server.{part}.")
    ]
    return [
        each
        for module in found
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, Refusal)
        and each.__module__ == module.__name__
    ]


def test_every_reason_is_documented_with_its_code() -> None:
    text = "\n".join(path.read_text("utf-8") for path in PROTO.glob("*.proto"))
    said = set(re.findall(r"`([A-Z_]+)` `([A-Z_]+)`", text))
    internal = {"PARTNERS_FILE_DAMAGED"}
    missing = {
        (CODES[each.kind].name, each.reason) for each in refusals() if each.reason not in internal
    } - said
    assert missing == set()


def test_reasons_are_unique() -> None:
    reasons = Counter(each.reason for each in set(refusals()))
    assert [reason for reason, count in reasons.items() if count > 1] == []
