"""Token of profile L1: scan text, digits, COSE envelope, claims; encoder beside decoder."""
