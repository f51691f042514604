"""The checker as operators see it: each verdict is counted, and is a span of its call's trace."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from opentelemetry.trace import Span

from license_verify.policy import Policy
from license_verify.rpc import spans
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checked, Checker
from license_verify.server.live import LiveRegister
from license_verify.server.metrics import NodeMetrics
from license_verify.statement_check import StatementVerdict
from license_verify.verdict import Verdict


class ObservedChecker(Checker):
    """Answers as a Checker does. `metrics` None: nothing is counted."""

    def __init__(
        self,
        bundles: Bundles,
        live: LiveRegister,
        now: Callable[[], datetime],
        metrics: NodeMetrics | None,
    ) -> None:
        super().__init__(bundles, live, now)
        self._metrics = metrics

    def scan(self, text: str, policy: Policy, **asked: Any) -> Checked:
        """As Checker's, with all that can be asked there."""
        with spans.inside("verify.scan", purpose=policy.purpose) as span:
            checked = super().scan(text, policy, **asked)
            self._tell(checked.verdict, policy, span)
        return checked

    def code(self, code: str, policy: Policy, **asked: Any) -> Verdict:
        """As Checker's, with all that can be asked there."""
        with spans.inside("verify.code", purpose=policy.purpose) as span:
            verdict = super().code(code, policy, **asked)
            self._tell(verdict, policy, span)
        return verdict

    def statement(self, content: bytes, policy: Policy) -> StatementVerdict:
        """As Checker's."""
        with spans.inside("verify.statement", purpose=policy.purpose) as span:
            verdict = super().statement(content, policy)
            if span is not None:
                span.set_attribute("outcome", verdict.outcome.value)
        if self._metrics is not None:
            self._metrics.statement(verdict, policy.purpose)
        return verdict

    def _tell(self, verdict: Verdict, policy: Policy, span: Span | None) -> None:
        if self._metrics is not None:
            self._metrics.verdict(verdict, policy.purpose)
        if span is not None:
            told = {"outcome": verdict.outcome, "status": verdict.status, "reason": verdict.reason}
            span.set_attributes({name: value.value for name, value in told.items()})
