"""Readers from npm that we did not write, run by node; `package-lock.json` pins them."""
