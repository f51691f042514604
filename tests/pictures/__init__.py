"""Stored pictures of faces, what Chromium draws of them now, and how the two are compared."""
