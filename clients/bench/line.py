"""One measured ratio, and what is asked of it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """A ratio of two things timed in turns in one run."""

    what: str
    ratio: float
    wanted: float | None
    """At least this; None where nothing is asked."""
    note: str = ""
    profile: str = ""
    """Where the time goes, largest part first; empty where it was not looked at."""

    @property
    def judged(self) -> str:
        """As `wanted 0.45  reached`."""
        if self.wanted is None:
            return "told           "
        return f"wanted {self.wanted:.2f}  {'reached' if self.ratio >= self.wanted else 'MISSED '}"

    def with_profile(self, profile: str) -> "Line":
        """The same with what was found of where the time goes."""
        return replace(self, profile=profile)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "ratio": round(self.ratio, 3),
            "wanted": self.wanted,
            "note": self.note,
            "profile": self.profile,
        }
