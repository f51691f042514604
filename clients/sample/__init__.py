"""An invented city: as many businesses as wanted, the same ones for the same seed.

Towns are those of Jining; every business, code, person and door number is made up. The
organisation codes begin with MAJ, a space that was not met in real data.
"""

from clients.sample.filed import COPIES_FIELDS, PREMISES_FIELDS, copies, premises
from clients.sample.rows import FIELDS, Row, city

__all__ = ["COPIES_FIELDS", "FIELDS", "PREMISES_FIELDS", "Row", "city", "copies", "premises"]
