"""Codes of the field: credit codes, old registration numbers, units, types, document ids."""
