"""How long each phase of a run took."""

from time import perf_counter


class Clock:
    """Say `lap` at the end of each phase; `laps` are its names and seconds."""

    def __init__(self) -> None:
        self._since = perf_counter()
        self.laps: list[tuple[str, float]] = []

    def lap(self, phase: str) -> None:
        now = perf_counter()
        self.laps.append((phase, now - self._since))
        self._since = now

    def __str__(self) -> str:
        return ", ".join(f"{phase} {1000 * seconds:.0f} ms" for phase, seconds in self.laps)
