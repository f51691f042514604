"""What stops a ceremony; nothing was signed then."""


class CeremonyStopped(ValueError):
    """The draft, the keys or the people are not as they must be."""
