"""An invented city: as many businesses as wanted, the same ones for the same seed.

Towns are those of Jining; every business, code, person and door number is made up. The
organisation codes begin with MAJ, a space that was not met in real data.
"""

from clients.sample.rows import FIELDS, Row, city

__all__ = ["FIELDS", "Row", "city"]
