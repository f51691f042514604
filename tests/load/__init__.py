"""Proofs under load: run by `make races`, `make kills` and `make bench-filing`, and, shortened, by
the tests."""
