"""Names that nobody else bears, and where they must never turn up."""

import base64
import json
from pathlib import Path
from typing import Final
from urllib.parse import quote

NAME: Final = "济宁市金丝雀鸣物流有限公司"
PERSON: Final = "金丝雀人"
ADDRESS: Final = "山东省济宁市任城区阜桥街道金丝雀巷2号"
SITE: Final = "曲阜市鲁城街道金丝雀街8号"
SCOPE: Final = "一般项目：金丝雀饲养"
LATIN: Final = "Canarybird"
"""Said by callers in places where only ASCII fits."""
CANARIES: Final = ("金丝雀", LATIN)


def forms(text: str) -> set[bytes]:
    """How a text may stand in a log: plain, escaped for JSON, Python, URLs, as hex or base64."""
    octets = text.encode()
    escaped = {json.dumps(text)[1:-1], ascii(text)[1:-1], repr(octets)[2:-1], quote(text)}
    escaped |= {quote(text).lower(), octets.hex(), octets.hex().upper()}
    escaped |= {"".join(f"\\{octet:03o}" for octet in octets)}  # protobuf's text format
    based = {base64.b64encode(b"\0" * n + octets)[4 if n else 0 : -4] for n in range(3)}
    return (
        {octets} | {each.encode() for each in escaped} | {each for each in based if len(each) > 6}
    )


def leaks(folder: Path, *more: str) -> dict[str, list[str]]:
    """Log files of an instance that hold a canary, or one of the other texts, and how."""
    wanted = {form for text in (*CANARIES, *more) for form in forms(text)}
    found = {}
    for path in log_files(folder):
        content = path.read_bytes()
        hits = [form.decode(errors="replace")[:80] for form in wanted if form in content]
        if hits:
            found[path.name] = hits
    return found


def log_files(folder: Path) -> list[Path]:
    """Every log of an instance, PostgreSQL's included."""
    return sorted(path for path in folder.rglob("*.log*") if path.is_file())
