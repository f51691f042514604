"""What the registry does: one act a module; load, decide, save, tell."""
