"""What `yizhao verify` is given: a picture, a scan text, a typed code, or any of them on stdin."""

import errno
import os
import re
import stat
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from clients import exits
from clients.cli.pictures import is_ours, is_picture, read_picture

Kind = Literal["scan", "uscc", "license_number"]

MEGABYTE: Final = 1 << 20
PICTURE_BYTES: Final = 32 * MEGABYTE
TEXT_CHARACTERS: Final = 1 << 20
"""Read at most; the checks refuse far less by name."""

_CODE: Final = re.compile(r"[0-9A-Z]{18}|[0-9]{15}", re.ASCII)
_NUMBER: Final = re.compile(r"1\.2\.156\.3005\.2\.[0-9A-Z.]{1,200}", re.ASCII)
_LIKE_A_CODE: Final = re.compile(r"(?=(?:[A-Z]*[0-9]){8})[0-9A-Z]{12,24}", re.ASCII)
"""Mistyped by a character or several, with eight digits at least; a scan text has a host in
front."""
_FILES: Final = (
    *(".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".bmp", ".heic", ".tif"),
    *(".pdf", ".txt", ".cose", ".cbor"),
)
_FOLDERS: Final = ("/", "./", "../", "~/")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked."""

    kind: Kind
    text: str
    left_out: int = 0
    """Codes of other systems in the same picture."""


def read_subject(word: str) -> Subject:
    """Read the argument of `verify`.

    Raises:
        Failure: a picture without a code of ours or a single other one, something too large, or a
            text that would be a code if white space were taken out of it; or nothing at all.
        OSError: a folder, or a file that can't be read.
    """
    if word == "-":
        if sys.stdin is None:
            raise exits.Failure("standard input is closed", zh="标准输入已关闭，没有可核验的内容")
        content = sys.stdin.buffer.read(PICTURE_BYTES + 1)
        return _of_bytes(content, "标准输入 stdin")
    if not word:
        raise exits.Failure(
            "SUBJECT is empty: give a picture, the text of a code, or a code",
            exit_code=exits.USAGE,
            zh="未提供要核验的内容，请给出图片、二维码内容或统一社会信用代码",
        )
    mode = _mode(word)
    if stat.S_ISDIR(mode) and not _CODE.fullmatch(word):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), word)
    if mode and not stat.S_ISDIR(mode):
        with Path(word).open("rb") as file:
            return _of_bytes(file.read(PICTURE_BYTES + 1), word)
    if Path(word).suffix.lower() in _FILES or word.startswith(_FOLDERS):
        raise exits.Failure(f"{word}: no such file", zh="找不到该文件")
    return _of_text(word)


def _mode(word: str) -> int:
    """What the word names in the file system; 0: nothing, it is a text.

    Raises:
        OSError: something that can't be looked at.
    """
    try:
        return os.stat(word).st_mode if "://" not in word else 0  # noqa: PTH116 - no path, mostly
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return 0
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return 0
        raise


def _of_bytes(content: bytes, name: str) -> Subject:
    if len(content) > PICTURE_BYTES:
        raise exits.Failure(
            f"{name} is larger than {PICTURE_BYTES // MEGABYTE} MB", zh="文件过大，无法识读"
        )
    if not content.strip():
        raise exits.Failure(f"{name} is empty", zh=f"{name} 是空的，没有可核验的内容")
    if is_picture(content):
        found = read_picture(content, name)
        return Subject("scan", found.text, len(found.left_out))
    # What can't be text of ours is still checked: a bad scan is a verdict, not an error.
    return _of_text(content[:TEXT_CHARACTERS].decode("utf-8", errors="replace"))


def _of_text(text: str) -> Subject:
    text = text.removesuffix("\n").removesuffix("\r")
    if _CODE.fullmatch(text) or _LIKE_A_CODE.fullmatch(text):
        return Subject("uscc", text)
    if _NUMBER.fullmatch(text):
        return Subject("license_number", text)
    if not is_ours(text):
        _refuse_untidy(text)
    return Subject("scan", text)


def _refuse_untidy(text: str) -> None:
    """Tell a good text that a copy or a form has spoilt from one that never was good.

    Raises:
        Failure: it has spaces, line breaks, invisible or full-width characters, or small letters
            in a code. It is not mended here: what is checked is what was given.
    """
    shown = "".join(c for c in unicodedata.normalize("NFKC", text) if not _unseen(c))
    if shown != text and is_ours(shown):
        raise exits.Failure(
            "the text has spaces, line breaks or invisible characters that its code has not; "
            "nothing was checked. Scan it again, or copy it without them",
            exit_code=exits.USAGE,
            zh="内容前后或中间有空格、换行或不可见字符，未予核验；请重新扫描，或去掉后再试",
        )
    code = shown.upper()
    if code != text and _CODE.fullmatch(code) and any(c.isdigit() for c in code):
        raise exits.Failure(
            f"the code has spaces or small letters; nothing was checked. Write it as {code}",
            exit_code=exits.USAGE,
            zh=f"代码中有空格、全角或小写字母，未予核验；应写成 {code}",
        )


def _unseen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
