"""Makes `statement_1.json` anew: `python -m tests.vectors.make_statement`. See README.md."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Final

from license_verify import Status
from license_verify.lists.trust_list import KeyState, Use
from license_verify.receipt import TYP as RECEIPT_TYP
from license_verify.statement import sign_statement
from license_verify.token import cose
from license_verify.token.claims import StatusRef
from tests.unit.verify.stated import STATED_INDEX, STATEMENT, statement_key
from tests.unit.verify.world import NOW, URI, Signer, World
from tests.vectors.make import published, secret

FILE: Final = Path(__file__).with_name("statement_1.json")
_REPLACED: Final = 4002


def _world(*keys: tuple[Signer, Use, KeyState]) -> World:
    names = ("root", "token", "status", "publication")
    root, token, status, publication = (Signer(secret(name)) for name in names)
    statuses = {STATED_INDEX: Status.VALID, _REPLACED: Status.SUPERSEDED}
    world = World(root, token, status, publication, statuses=statuses)
    added = tuple(statement_key(state, use=use, key=key) for key, use, state in keys)
    listed = world.trust_list()
    return replace(world, content=replace(listed, keys=(*listed.keys, *added)))


def _case(name: str, document: bytes, outcome: str, reason: str) -> dict[str, str]:
    encoded = base64.b64encode(document).decode()
    return {"name": name, "document": encoded, "outcome": outcome, "reason": reason}


def main() -> None:
    """Write the file; signatures differ each time, everything else stays."""
    key, distrusted = Signer(secret("statement")), Signer(secret("distrusted statement"))
    stranger = Signer(secret("stranger"))
    world = _world(
        (key, Use.STATEMENT, KeyState.ACTIVE), (distrusted, Use.STATEMENT, KeyState.DISTRUSTED)
    )
    good = sign_statement(STATEMENT, kid=key.kid, sign=key.sign)
    replaced = replace(STATEMENT, version=4, status=StatusRef(_REPLACED, URI))
    of_receipt = cose.encode(STATEMENT.payload(), kid=key.kid, sign=key.sign, typ=RECEIPT_TYP)
    altered = good.replace("曲阜门店".encode(), "邹城门店".encode())
    cases = [
        _case("in force", good, "VALID", "OK"),
        _case(
            "no places",
            sign_statement(replace(STATEMENT, premises=()), kid=key.kid, sign=key.sign),
            "VALID",
            "OK",
        ),
        _case(
            "superseded",
            sign_statement(replaced, kid=key.kid, sign=key.sign),
            "INVALID",
            "STATEMENT_SUPERSEDED",
        ),
        _case("a title altered", altered, "REFUSED", "STATEMENT_FORGED"),
        _case("typ of a receipt", of_receipt, "REFUSED", "STATEMENT_MALFORMED"),
        _case("a byte behind", good + b"\x00", "REFUSED", "STATEMENT_MALFORMED"),
        _case(
            "signed by the status key",
            sign_statement(STATEMENT, kid=world.status.kid, sign=world.status.sign),
            "REFUSED",
            "STATEMENT_KEY_WRONG_USE",
        ),
        _case(
            "signed by a distrusted key",
            sign_statement(STATEMENT, kid=distrusted.kid, sign=distrusted.sign),
            "REFUSED",
            "STATEMENT_KEY_DISTRUSTED",
        ),
        _case(
            "signed by a stranger",
            sign_statement(STATEMENT, kid=stranger.kid, sign=stranger.sign),
            "REFUSED",
            "STATEMENT_KEY_UNKNOWN",
        ),
    ]
    content = {"format": 1, "now": NOW.isoformat()} | published(world) | {"cases": cases}
    FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
