"""Issuing: private keys, faces, symbols. Nothing outside this package sees a private key."""
