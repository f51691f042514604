"""Asking RPC and page again and again until they say what they must, and measuring how long."""

import re
import ssl
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from clients.cli.demo.play import Play, Unmet
from clients.cli.verdicts import from_service
from clients.sdk import ServiceError, UsageClient, VerifyClient

LIMIT_SECONDS: Final = 5.0
"""After an act everybody has to know within this time."""
_PAUSE_SECONDS: Final = 0.1
_HEADLINE: Final = re.compile(r'<h1 id="answer">\s*([^<]+)')


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page."""

    headline: str
    text: str


class Probe:
    """A bank's view: the RPC with its certificate, and the page with the development CA."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._facts = play.instance.running()
        self._identity = play.instance.identity("partner/icbank")
        self._tls = ssl.create_default_context(cafile=str(play.instance.page_ca))

    def status(self, scan: str) -> str:
        """Status by RPC, as `REVOKED`; the outcome where none is known."""
        with VerifyClient.open(self._facts.verify, self._identity) as verifier:
            return from_service(verifier.verify_scan(scan)).status

    def page(self, scan: str) -> Page:
        """The page that a phone's camera opens, over HTTPS with the development CA.

        Raises:
            Unmet: no verdict on it.
        """
        digits = scan.rsplit("/", 1)[-1]
        url = f"https://{self._facts.page}/{digits}"
        with urllib.request.urlopen(url, context=self._tls, timeout=10) as answer:
            text = answer.read().decode("utf-8")
        found = _HEADLINE.search(text)
        if found is None:
            raise Unmet(f"the page of {scan[:60]}… has no verdict")
        return Page(found[1].strip(), text)

    def until_status(self, scan: str, status: str, since: float) -> float:
        """Ask the RPC until it says `status`; returns seconds since `since` (monotonic).

        Raises:
            Unmet: not within the limit.
        """
        return _until(lambda: self.status(scan) == status, since, f"{status} by RPC")

    def until_page(self, scan: str, word: str, since: float) -> float:
        """Fetch the page until `word` stands in its headline; returns seconds since `since`.

        Raises:
            Unmet: not within the limit.
        """
        return _until(lambda: word in self.page(scan).headline, since, f"{word} on the page")

    def until_listed(self, scan: str, place: str, since: float) -> float:
        """Fetch the page until it lists `place`; returns seconds since `since`.

        The verifier needs a moment to find the registry again after an outage.

        Raises:
            Unmet: not within the limit.
        """
        return _until(lambda: place in self.page(scan).text, since, f"{place} on the page")

    def until_kept(self, receipt: str, who: str) -> None:
        """Wait until the database has a receipt that was answered to `who`.

        Raises:
            Unmet: not within the limit.
        """
        identity = self._play.instance.identity(who)
        with UsageClient.open(self._facts.verify, identity) as counted:
            _until(
                lambda: _is_kept(counted, receipt), time.monotonic(), f"{receipt} in the database"
            )


def _is_kept(counted: UsageClient, receipt: str) -> bool:
    try:
        counted.receipt(receipt)
    except ServiceError as error:
        if error.reason != "RECEIPT_UNKNOWN":
            raise
        return False
    return True


def _until(holds: Callable[[], bool], since: float, what: str) -> float:
    while not holds():
        if time.monotonic() - since > LIMIT_SECONDS:
            raise Unmet(f"{what}: not within {LIMIT_SECONDS:.0f} s")
        time.sleep(_PAUSE_SECONDS)
    return time.monotonic() - since
