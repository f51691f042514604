"""Units by the names people use: 任城区, 任城, 370811 or units/11."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from clients import exits
from license_verify.codes import unit as codes

if TYPE_CHECKING:
    from clients.sdk import RegistryClient


class UnitNames:
    """Knows the city's units by itself, and asks the registry for its stations once needed."""

    def __init__(self, registry: "RegistryClient | None" = None) -> None:
        self._registry = registry
        self._titles = {f"units/{unit.id}": unit.name for unit in codes.UNITS.values()}
        self._asked = registry is None

    def title(self, name: str) -> str:
        """Title of `units/{unit}`; the name itself if nobody knows it."""
        if name and name not in self._titles:
            self._ask()
        return self._titles.get(name, name)

    def titles(self, names: Iterable[str]) -> list[str]:
        """Titles in order."""
        return [self.title(name) for name in names]

    def parse(self, text: str, on: date) -> str:
        """Read a title, a short title, a GB/T 2260 code of the day `on`, or a resource name.

        Raises:
            Failure: no unit is called that.
        """
        if text.startswith("units/"):
            return text
        for source in (codes.Source.NAME, codes.Source.GB2260):
            try:
                return f"units/{codes.resolve(source.value, text, on).id}"
            except codes.UnknownUnit:
                continue
        self._ask()
        found = [name for name, title in self._titles.items() if text in (title, title[:-1])]
        if len(found) == 1:
            return found[0]
        raise exits.Failure(
            f"no unit is called {text!r}; `yizhao unit list` shows all",
            exit_code=exits.USAGE,
            zh=f"没有名为“{text}”的管辖单位",
        )

    def _ask(self) -> None:
        if self._asked or self._registry is None:
            return
        self._asked = True
        self._titles |= {unit.name: unit.title for unit in self._registry.admin.units()}
