"""Timing of the phases of a run."""

from time import perf_counter


class PhaseTimer:
    """Timer for the phases of a run: call `record_phase` at the end of each; `laps` holds names and seconds."""

    def __init__(self) -> None:
        self._since = perf_counter()
        self.laps: list[tuple[str, float]] = []

    def record_phase(self, phase: str) -> None:
        now = perf_counter()
        self.laps.append((phase, now - self._since))
        self._since = now

    def __str__(self) -> str:
        return ", ".join(f"{phase} {1000 * seconds:.0f} ms" for phase, seconds in self.laps)
