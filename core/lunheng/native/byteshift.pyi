"""Types of the native search for misdecoded text."""

from lunheng.native.gbk import GbkCandidates

class ShiftSearch:
    def __init__(
        self, candidates: GbkCandidates, damaged: str, sounds: dict[str, str], traditional: bool
    ) -> None: ...
    def read(
        self,
        anchor: int,
        before: str,
        begun: list[tuple[int, int, float]],
        torn_at: int = -1,
        torn_trail: int = 0,
        drops: bool = False,
        wide: bool = False,
    ) -> tuple[str, int, float, float] | None: ...
