"""Resource names, made and read in one place."""


def entity(code: str) -> str:
    """`entities/{code}`; takes a code or any name below an entity."""
    return "/".join(code.split("/")[:2]) if code.startswith("entities/") else f"entities/{code}"


def below(code: str, collection: str, key: str) -> str:
    """`entities/{code}/{collection}/{key}`; a whole name in `key` is kept."""
    return key if key.startswith("entities/") else f"{entity(code)}/{collection}/{key}"


def whole(text: str, collection: str) -> str:
    """`entities/{code}/{collection}/{key}` from the short form `{code}/{key}`; a name is kept."""
    code, slash, key = text.rpartition("/")
    return below(code, collection, key) if slash and "/" not in code else text


def flag(text: str) -> str:
    """`entities/{code}/premises/{place}/flags/{flag}` from `{code}/{place}/{flag}`."""
    parts = text.split("/")
    return f"entities/{parts[0]}/premises/{parts[1]}/flags/{parts[2]}" if len(parts) == 3 else text


def short(name: str) -> str:
    """`{code}/{key}`, as people write what belongs to an entity; `{code}/{place}/{flag}` too."""
    parts = name.split("/")
    deep = len(parts) in (4, 6) and parts[0] == "entities"
    return "/".join(parts[1::2]) if deep else name


def code_of(name: str) -> str:
    """The credit code in any name below an entity."""
    parts = name.split("/")
    return parts[1] if len(parts) > 1 and parts[0] == "entities" else name
