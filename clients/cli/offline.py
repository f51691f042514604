"""Offline checks: a bundle, a pinned root key and a clock; nothing is asked of anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from clients import exits
from clients.cli import failures
from clients.cli.dates import read_moment, read_span
from clients.cli.roots import pinned_roots
from clients.cli.session import Session
from clients.cli.subjects import Subject
from clients.cli.verdicts import Shown, from_library
from license_verify import (
    Anchor,
    Bundle,
    OpenedStatement,
    Policy,
    Refusal,
    StatementRefused,
    StatementVerdict,
    Trust,
    check_statement,
    policy_for,
    verify,
    verify_subject,
)  # fmt: skip
from license_verify import (
    Claimed as LibraryClaims,
)
from license_verify.limits import BUNDLE_BYTES, STATEMENT_BYTES
from license_verify.receipt import (
    RECEIPT_BYTES,
    Receipt,
    ReceiptKeyUnknown,
    ReceiptRefused,
    ReceiptWithoutTrust,
)
from license_verify.receipt_document import open_receipt
from license_verify.statement_check import open_statement_for
from license_verify.statement_errors import StatementWithoutTrust

if TYPE_CHECKING:
    from clients.cli.verify import Claimed

_DEVELOPMENT: Final = "development"
_ENVIRONMENTS: Final = ("production", "test", _DEVELOPMENT, "integrators")
"""Those that services can be of; another, misspelt, would make true data look like a test's."""


@dataclass(frozen=True, slots=True)
class Offline:
    """What a checker without a network has."""

    trust: Trust
    now: datetime
    max_age: timedelta | None

    @classmethod
    def read(
        cls,
        session: Session,
        bundle: Path,
        root: Path | None,
        environment: str,
        now: str,
        max_age: str,
    ) -> "Offline":
        """Read the files and believe the bundle, or refuse it whole.

        Raises:
            Failure: a file, the clock or the age can't be read, or no data is of such an
                environment.
            Refusal: the bundle is not signed by the pinned root, or is damaged.
        """
        if environment and environment not in _ENVIRONMENTS:
            raise exits.no_choice("--environment", environment, _ENVIRONMENTS)
        pinned = root or session.instance.root_key
        expected = environment or ("production" if root else _DEVELOPMENT)
        anchor = Anchor(pinned_roots(pinned), expected)
        try:
            with bundle.open("rb") as file:
                content = file.read(BUNDLE_BYTES + 1)
        except FileNotFoundError:
            raise exits.Failure(
                f"{bundle}: no such file; `yizhao bundle save {bundle}` gets it",
                zh=f"找不到离线数据包 {bundle}，可用 yizhao bundle save 获取",
            ) from None
        try:
            trust = Trust.from_bundle(Bundle.decode(content), anchor)
        except Refusal as error:
            raise exits.Failure(
                f"{bundle} is not believed: {error}. `yizhao bundle save` gets a new one",
                zh=f"离线数据包 {bundle} 不可信：{error.zh or '不符合格式'}"
                "，请用 yizhao bundle save 重新获取",
            ) from error
        clock = session.now()
        return cls(
            trust,
            read_moment(now, clock) if now else clock,
            timedelta(seconds=read_span(max_age, "--max-age")) if max_age else None,
        )

    def check(
        self,
        subject: Subject,
        purpose: str,
        claimed: "Claimed",
        statement: Path | None = None,
        as_of: date | None = None,
    ) -> Shown:
        """Check it by the library, a place also by a premises statement in hand.

        Raises:
            Refusal: unknown purpose, a claim that is no text, or a statement that is not genuine.
        """
        policy = self._policy(purpose)
        claims = LibraryClaims(
            claimed.name or None, claimed.person or None, claimed.address or None
        )
        asked = claims if claims != LibraryClaims() else None
        check = verify if subject.kind == "scan" else verify_subject
        opened = self._open(statement, policy) if statement else None
        return from_library(
            check(subject.text, self.trust, self.now, policy, as_of, asked, statement=opened)
        )

    def check_statement(self, file: Path, purpose: str) -> StatementVerdict:
        """Check a premises statement by the library.

        Raises:
            Refusal: unknown purpose, or the statement is not genuine.
        """
        policy = self._policy(purpose)
        return check_statement(self._open(file, policy), self.trust, self.now, policy)

    @contextmanager
    def judging(self, session: Session, purpose: str = "") -> Iterator[None]:
        """Of a document that is refused, tell why, and end as `verify` does.

        Raises:
            typer.Exit: 4, it is not genuine; 5, the data can't tell.
        """
        try:
            yield
        except (ReceiptRefused, StatementRefused) as refusal:
            failures.tell(refusal, as_json=session.as_json)
            undecided = self._undecided(refusal, purpose)
            raise typer.Exit(exits.INDETERMINATE if undecided else exits.INVALID) from None

    def _undecided(self, refusal: Refusal, purpose: str) -> bool:
        """As with licences, old data may not know a new key yet; fresh data knows them all."""
        manifest = self.trust.manifest
        if manifest is None or isinstance(refusal, (ReceiptWithoutTrust, StatementWithoutTrust)):
            return True
        old = self.now - manifest.issued_at > self._policy(purpose).max_age
        return old and isinstance(refusal, ReceiptKeyUnknown)

    def open_receipt(self, file: Path) -> Receipt:
        """Read a receipt and check its signature.

        Raises:
            Failure: there is no such file.
            Refusal: it is not genuine.
        """
        try:
            with file.open("rb") as content:
                return open_receipt(content.read(RECEIPT_BYTES + 1), self.trust)
        except FileNotFoundError:
            raise exits.Failure(f"{file}: no such file", zh=f"找不到凭据文件 {file}") from None

    def _open(self, file: Path, policy: Policy) -> OpenedStatement:
        """Read a premises statement and check its signature.

        Raises:
            Failure: there is no such file.
            Refusal: it is not genuine.
        """
        return open_statement_for(read_statement(file), self.trust, self.now, policy)

    def _policy(self, purpose: str) -> Policy:
        policy = policy_for(purpose)
        return policy if self.max_age is None else replace(policy, max_age=self.max_age)


def read_statement(file: Path) -> bytes:
    """A premises statement as it is, and of a longer file enough to be refused.

    Raises:
        Failure: there is no such file.
    """
    try:
        with file.open("rb") as content:
            return content.read(STATEMENT_BYTES + 1)
    except FileNotFoundError:
        raise exits.Failure(f"{file}: no such file", zh=f"找不到清单文件 {file}") from None
