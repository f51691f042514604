"""Failures as sentences, and the exit codes they end the process with."""

from typing import Any

from clients import exits
from clients.cli import wrong_usage
from clients.cli.os_errors import told_of
from clients.cli.remedies import remedy
from clients.cli.say import errors, plain, write_json


def tell(error: Exception, *, as_json: bool) -> int:
    """Print `error` and return the exit code. JSON goes to stdout, text to stderr."""
    from clients.sdk.errors import ServiceError, Unreachable
    from license_verify.refusal import Refusal

    code, told = exits.BUG, _bug(error)
    if isinstance(error, exits.Failure):
        code, told = error.exit_code, {"message": str(error), "zh": error.zh}
    elif isinstance(error, ServiceError):
        code, told = exits.REFUSED, _refusal(error)
    elif isinstance(error, Unreachable):
        code = exits.UNREACHABLE
        told = {
            "message": str(error),
            "zh": error.zh,
            "hint": "请确认服务已启动：`yizhao up` starts all services",
        }
    elif isinstance(error, Refusal):
        code, told = exits.REFUSED, _own_refusal(error)
    elif isinstance(error, OSError):
        code, told = exits.REFUSED, told_of(error)
    elif isinstance(error, wrong_usage.Refused):
        code, told = exits.USAGE, wrong_usage.told_of(error)
        if not told:  # the help was shown
            return code
    if not (as_json and _written(told)):
        _print(told)
    return code


def _written(told: dict[str, Any]) -> bool:
    """Whether it could be told as JSON: what failed may be standard output itself."""
    try:
        write_json({"error": told})
    except OSError:
        return False
    return True


def _refusal(error: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "message": str(error),
        "zh": error.zh,
        "reason": error.reason,
        "code": error.code,
        "owner": error.owner,
        "hint": remedy(error.reason, error.metadata),
        "metadata": error.metadata,
        "fields": _fields(error),
        "request_id": error.request_id,
    }
    return {name: value for name, value in told.items() if value}


def _own_refusal(error: Any) -> dict[str, Any]:
    """Of the library, in this process."""
    told = {"message": str(error), "reason": error.reason, "zh": error.zh}
    if error.fields:
        told["fields"] = _fields(error)
    return told


def _fields(error: Any) -> list[dict[str, str]]:
    return [{"field": field.field, "text": field.zh or field.description} for field in error.fields]


def _bug(error: Exception) -> dict[str, Any]:
    return {
        "message": f"this is a bug of yizhao: {type(error).__name__}: {error}",
        "hint": "run again with YIZHAO_DEBUG=1 to see where, and report it",
    }


def _print(told: dict[str, Any]) -> None:
    console = errors()
    head = told["zh"] or told["message"] if told.get("zh") else told["message"]
    console.print(f"[bold red]✗ {plain(head)}[/]")
    if head != told["message"]:
        console.print(f"  {plain(told['message'])}")
    if told.get("owner"):
        console.print(f"  owner 管辖单位: [bold]{plain(told['owner'])}[/]")
    for field in told.get("fields", ()):
        console.print(f"  {plain(field['field'])}: {plain(field['text'])}")
    if told.get("hint"):
        console.print(f"  → {plain(told['hint'])}")
    if told.get("reason") or told.get("request_id"):
        number = f" · 请求编号 {told['request_id']}" if told.get("request_id") else ""
        console.print(f"  [dim]reason {plain(told.get('reason', '') + number)}[/]")
