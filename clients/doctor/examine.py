"""Running every check: all at once, each bounded, none able to stop the others."""

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from clients.doctor.checks import CHECKS, Check
from clients.doctor.finding import Finding, Outcome, fail, not_applicable
from clients.doctor.subject import Subject

SECONDS: Final = 4.0
"""A check that takes longer is told as failed; none of ours waits longer than half of it."""
_ORDER: Final = list(Outcome)


class _Running:
    """One check on a thread that nobody has to wait for."""

    def __init__(self, check: Check, subject: Subject) -> None:
        self.check = check
        self._subject = subject
        self._found: list[Finding] = []
        self._thread = threading.Thread(target=self._run, name=check.name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found += self.check.act(self._subject)
        except ModuleNotFoundError as error:
            self._found.append(
                not_applicable(
                    self.check.name,
                    f"未安装 {error.name}，无法检查",
                    f"not looked at: {error.name} is not installed here",
                )
            )
        except Exception as error:  # a bug of a check must not hide what the others find
            self._found.append(
                fail(
                    self.check.name,
                    "本项检查出错",
                    f"the check itself broke ({type(error).__name__}): this is a bug of yizhao",
                    "YIZHAO_DEBUG=1 yizhao doctor",
                )
            )

    def findings(self, until: float) -> list[Finding]:
        self._thread.join(max(0.0, until - time.monotonic()))
        found = list(self._found)
        if self._thread.is_alive():
            found.append(
                fail(
                    self.check.name,
                    "未在时限内得到结果",
                    "no answer in time: what it looks at hangs",
                    "yizhao doctor",
                )
            )
        return [replace(each, check=self.check.name) for each in found]


def examine(
    subject: Subject, checks: Iterable[Check] = CHECKS, seconds: float = SECONDS
) -> list[Finding]:
    """Everything that was found, the worst first, else in the order of the checks."""
    until = time.monotonic() + seconds
    running = [_Running(check, subject) for check in checks]
    found = [finding for each in running for finding in each.findings(until)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.outcome))
