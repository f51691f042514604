"""Checks business licences, also offline: give it a scan text, published data and the clock.

>>> verdict = verify(scan, trust, now)        # doctest: +SKIP
>>> verdict.outcome, verdict.words.zh.headline  # doctest: +SKIP
"""

from license_verify.checks import Check, CheckName, Result
from license_verify.claimed import Answer, Answers, Claimed
from license_verify.judging import judge, verify, verify_subject
from license_verify.lists.bundle import Bundle
from license_verify.lists.status import Status
from license_verify.lists.trust_list import TrustList
from license_verify.opened import Opened, open_scan
from license_verify.opened_scans import OpenedScans
from license_verify.policy import DEFAULT, POLICIES, Policy, policy_for
from license_verify.reasons import Reason
from license_verify.record import NotRecorded, PublicPremises, PublicRecord
from license_verify.refusal import Kind, Refusal
from license_verify.shown import ShownFace
from license_verify.statement import OpenedStatement, StatedPlace, Statement, open_statement
from license_verify.statement_check import StatementVerdict, check_statement
from license_verify.statement_errors import StatementRefused
from license_verify.trust import Anchor, HighestSeen, Source, Trust
from license_verify.verdict import (
    Change,
    DocumentStatus,
    Freshness,
    NotVerified,
    Outcome,
    Proof,
    Verdict,
    VerifiedLicense,
)
from license_verify.words import Severity, Text, Words

__all__ = [
    "DEFAULT",
    "POLICIES",
    "Anchor",
    "Answer",
    "Answers",
    "Bundle",
    "Change",
    "Check",
    "CheckName",
    "Claimed",
    "DocumentStatus",
    "Freshness",
    "HighestSeen",
    "Kind",
    "NotRecorded",
    "NotVerified",
    "Opened",
    "OpenedScans",
    "OpenedStatement",
    "Outcome",
    "Policy",
    "Proof",
    "PublicPremises",
    "PublicRecord",
    "Reason",
    "Refusal",
    "Result",
    "Severity",
    "ShownFace",
    "Source",
    "StatedPlace",
    "Statement",
    "StatementRefused",
    "StatementVerdict",
    "Status",
    "Text",
    "Trust",
    "TrustList",
    "Verdict",
    "VerifiedLicense",
    "Words",
    "check_statement",
    "judge",
    "open_scan",
    "open_statement",
    "policy_for",
    "verify",
    "verify_subject",
]
