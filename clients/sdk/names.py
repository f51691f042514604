"""Resource names, made and read in one place."""


def entity(code: str) -> str:
    """`entities/{code}`; takes a code or any name below an entity."""
    return "/".join(code.split("/")[:2]) if code.startswith("entities/") else f"entities/{code}"


def below(code: str, collection: str, key: str) -> str:
    """`entities/{code}/{collection}/{key}`; a whole name in `key` is kept."""
    return key if key.startswith("entities/") else f"{entity(code)}/{collection}/{key}"


def last(name: str) -> str:
    """The last segment: the id."""
    return name.rsplit("/", 1)[-1]


def code_of(name: str) -> str:
    """The credit code in any name below an entity."""
    parts = name.split("/")
    return parts[1] if len(parts) > 1 and parts[0] == "entities" else name


def unit(number: int | str) -> str:
    """`units/{unit}`."""
    return f"units/{number}"
