"""Codes for those who build the checking into a program of theirs: one for each answer.

Firms, places and persons are invented. The keys are public on purpose, so everything here is the
same wherever it is made; they are believed in the environment `integrators` alone.
"""

from clients.integrators.codes import Code, Expected, codes
from clients.integrators.system import ENVIRONMENT, PUBLISHED_AT, System

__all__ = ["ENVIRONMENT", "PUBLISHED_AT", "Code", "Expected", "System", "codes"]
