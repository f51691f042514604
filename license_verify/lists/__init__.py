"""Signed lists: statuses, trust, the manifest that dates them, the bundle that carries them."""
