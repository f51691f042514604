"""Checks business licences offline: codes, token format, signed lists, trust, verdicts."""
