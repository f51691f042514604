"""Refusals of the embedded database."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL can't do what was asked; the text says what to do instead."""


class AlreadyRunning(EmbeddedPostgresError):
    """Another process runs the server of this folder; `running(folder)` gives its address."""
