"""The registry, the node, and a document read in each of the ways that people have."""

import html
import json
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

import pytest

from clients.cli.main import main
from license_verify import Anchor, Bundle, Trust, verify
from license_verify.rpc.identity import Authority
from license_verify.server.roots import read_roots
from registry_service.composition import utc_now
from registry_service.issuing.keys import ROOT_FILE
from tests.e2e.page.node import Node, until
from tests.rpc.registry import people
from tests.rpc.registry.world import HOST, Registry
from yizhao.registry.v1 import publication_service_pb2 as publication_pb
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import BatchVerifyRequest, Subject, VerifyRequest

_HEADLINE: Final = re.compile(r'<h1 id="answer">(.*?) <span lang="en">')


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader is told of a document."""

    outcome: str
    status: str
    reason: str
    headline: str
    """In Chinese."""


@dataclass(frozen=True)
class Office:
    """A registry and a node, with the folder of the registry's keys and one for files."""

    registry: Registry
    node: Node
    keys: Path
    folder: Path

    def trust(self) -> Trust:
        """What an offline counter takes along now."""
        answer = self.registry.as_(people.VERIFY).publication.GetBundle(
            publication_pb.GetBundleRequest()
        )
        anchor = Anchor(read_roots(self.keys / ROOT_FILE), "test")
        return Trust.from_bundle(Bundle.decode(answer.content), anchor)

    def by_library(self, scan: str) -> Reading:
        verdict = verify(scan, self.trust(), utc_now())
        words = verdict.words.zh
        return Reading(
            verdict.outcome.value, verdict.status.value, verdict.reason.value, words.headline
        )

    def by_rpc(self, scan: str) -> Reading:
        with self.node.verifier() as stub:
            return _of_message(stub.Verify(VerifyRequest(subject=Subject(scan=scan))))

    def by_batch(self, scan: str) -> Reading:
        request = BatchVerifyRequest(requests=[VerifyRequest(subject=Subject(scan=scan))])
        with self.node.verifier() as stub:
            (result,) = stub.BatchVerify(request).results
        return _of_message(result.verdict)

    def headline_of_page(self, scan: str, query: str = "") -> str:
        page = self.node.get(scan.removeprefix(f"https://{HOST}") + query, host=HOST).text
        found = _HEADLINE.search(page)
        assert found is not None, page
        return html.unescape(found[1])

    def by_command(self, scan: str, *options: str) -> Reading:
        """`yizhao verify` at the node, as the bank's workload."""
        tls = self.node.authorities.client("partner/icbank", Authority.PARTNERS)
        files = {"CERT": tls.certificate, "KEY": tls.key, "CA": tls.roots}
        out = StringIO()
        with pytest.MonkeyPatch.context() as environment, redirect_stdout(out):
            environment.setenv("YIZHAO_VERIFY", self.node.rpc_address)
            for name, content in files.items():
                path = self.folder / f"{name}.pem"
                path.write_bytes(content)
                environment.setenv(f"YIZHAO_{name}", str(path))
            main(["--json", "verify", scan, *options])
        told = json.loads(out.getvalue())
        failed = [each["reason"] for each in told["checks"] if each["result"] == "FAILED"]
        return Reading(
            told["outcome"], told["status"], (failed or ["OK"])[0], told["zh"]["headline"]
        )

    def reading(self, scan: str, status: str) -> Reading:
        """What every way of reading says, once the act has reached library and node alike.

        Raises:
            AssertionError: they differ.
        """
        until(lambda: self.by_library(scan).status == status == self.by_rpc(scan).status)
        library = self.by_library(scan)
        for way in (self.by_rpc, self.by_batch, self.by_command):
            assert way(scan) == library, way.__name__
        assert self.headline_of_page(scan) == library.headline
        return library


def _of_message(verdict: verdict_pb2.Verdict) -> Reading:
    (headline,) = (each.headline for each in verdict.words if each.language == "zh-CN")
    return Reading(
        verdict_pb2.Outcome.Name(verdict.outcome).removeprefix("OUTCOME_"),
        verdict_pb2.Status.Name(verdict.status).removeprefix("STATUS_"),
        verdict.reason or "OK",
        headline,
    )
