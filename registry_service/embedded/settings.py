"""The server settings, given on the command line at every start so that no file overrides them."""

from pathlib import Path
from typing import Final

from registry_service.embedded.account import Account

PORT: Final = 5432
SUPERUSER: Final = "yizhao"

# An error's first line may quote a value ("invalid input syntax for type date: …"), so errors
# stay out of the log altogether: the client has them, and logs the SQLSTATE. What remains is the
# server's own life, without DETAIL, which may quote a statement or a key.
_NO_PERSONAL_DATA: Final = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_temp_files": "-1",
    "log_lock_waits": "off",
    "debug_print_parse": "off",
    "debug_print_plan": "off",
}

_NOT_DURABLE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def server_arguments(socket_folder: Path, *, durable: bool) -> list[str]:
    """Arguments for `postgres`: one Unix socket, no TCP, a log without personal data."""
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "100",
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_line_prefix": "%m [%p] ",
        "log_timezone": "UTC",
        "timezone": "UTC",
        **_NO_PERSONAL_DATA,
        **({} if durable else _NOT_DURABLE),
    }
    return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]


def initdb_arguments(data: Path, *, durable: bool) -> list[str]:
    """Arguments for `initdb`: UTF-8, locale C (the same order on every machine), checksums."""
    arguments = ["--pgdata", str(data), "--username", SUPERUSER, "--encoding", "UTF8"]
    arguments += ["--locale", "C", "--auth", "reject", "--data-checksums", "--no-instructions"]
    return arguments if durable else [*arguments, "--no-sync"]


def access_files(starter: Account, runner: Account) -> dict[str, str]:
    """pg_hba.conf and pg_ident.conf: only these two accounts, proven by the kernel, no password."""
    names = dict.fromkeys((starter.name, runner.name))
    return {
        "pg_hba.conf": "local all all peer map=yizhao\n",
        "pg_ident.conf": "".join(f'yizhao "{name}" all\n' for name in names),
    }
