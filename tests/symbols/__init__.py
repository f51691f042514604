"""Symbols as they leave the house, read by programs that we did not write."""
