"""Timing in turn, and the report: the machine, a table of cases, one line a target."""

import gc
import os
import platform
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median

import django
from django.db import connection
from django.utils import timezone

TARGETS = tomllib.loads((Path(__file__).parent / "targets.toml").read_text())


class Differs(Exception):
    """Two cases that should answer the same do not: nothing is timed."""


@dataclass
class Figure:
    """The ratio of two cases, round by round, at one scale."""

    name: str
    scale: int
    rounds: list[float]
    above: list[float]  # the seconds of the case above the line

    @property
    def ratio(self) -> float:
        return median(self.rounds)


@dataclass
class Report:
    rounds: int
    figures: list[Figure] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)

    def machine(self) -> str:
        """Return the first line: the day, the machine and the versions."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            server = cursor.fetchone()[0]
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return (
            f"{timezone.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {memory:.0f} GiB, "
            f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {server}"
        )

    def compare(
        self,
        title: str,
        scale: int,
        cases: dict[str, Callable],
        ratios: dict[str, tuple[str, str]],
        same: Callable[[list], object] = sorted,
        counted_up: dict[str, float] | None = None,
    ) -> None:
        """Show that the cases answer the same, then time them in turn and print a table.

        ``ratios`` names each figure with the case above and the case below the line.
        ``counted_up`` names the cases that did a part of the work, and how many such parts make the whole.
        """
        parts = counted_up or {}
        answers = {name: same(case()) for name, case in cases.items()}
        first = next(iter(answers))
        for name, answer in answers.items():
            if answer != answers[first]:
                raise Differs(f"{title}: '{name}' does not answer as '{first}' does.")
        times: dict[str, list[float]] = {name: [] for name in cases}
        for _round in range(self.rounds):
            for name, case in cases.items():
                times[name].append(_seconds(case) * parts.get(name, 1))
        print(f"\n{title}, {len(answers[first]):,} found\n{'':40} {'median':>10} {'min':>10} {'max':>10}")
        for name, taken in times.items():
            print(f"  {name:38} {_shown(median(taken))} {_shown(min(taken))} {_shown(max(taken))}")
            self.times[f"{title}: {name}"] = taken
        for name, (above, below) in ratios.items():
            rounds = [a / b for a, b in zip(times[above], times[below], strict=True)]
            self.figures.append(Figure(name, scale, rounds, times[above]))
            print(f"  {above} / {below}: " + "  ".join(f"{ratio:.2f}" for ratio in rounds))

    def growth(self, name: str, figure: str, small: int, large: int) -> None:
        """Add how the case above the line of a figure grows from one scale to another: 1 is in step with the rows."""
        taken = {each.scale: each.above for each in self.figures if each.name == figure}
        rounds = [log(b / a) / log(large / small) for a, b in zip(taken[small], taken[large], strict=True)]
        self.figures.append(Figure(name, large, rounds, taken[large]))

    def judge(self) -> int:
        """Print one line a target, at the largest scale that was run, and return how many were missed."""
        print()
        missed = 0
        largest = {figure.name: figure for figure in sorted(self.figures, key=lambda figure: figure.scale)}
        for name, figure in largest.items():
            target = _target(name)
            seen = f"({len(figure.rounds)} rounds, {min(figure.rounds):.2f}-{max(figure.rounds):.2f}, {figure.scale}x)"
            if target is None or figure.scale < target["from_scale"]:
                print(f"{name:34} {figure.ratio:9.2f}  no target at this scale  {seen}")
                continue
            sign, bound = ("<=", target["most"]) if "most" in target else (">=", target["least"])
            good = figure.ratio <= bound if sign == "<=" else figure.ratio >= bound
            missed += not good
            print(f"{name:34} {figure.ratio:9.2f}  target {sign} {bound:<6} {'ok' if good else 'MISSED'}  {seen}")
        return missed

    def as_dict(self) -> dict:
        return {
            "machine": self.machine(),
            "seconds": self.times,
            "ratios": [{"name": each.name, "scale": each.scale, "rounds": each.rounds} for each in self.figures],
        }


def _target(name: str) -> dict | None:
    found = TARGETS
    for part in name.split("."):
        found = found.get(part, {})
    return found or None


def _seconds(case: Callable) -> float:
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    case()
    taken = time.perf_counter() - start
    gc.enable()
    return taken


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:8.2f}ms" if seconds < 10 else f"{seconds:9.2f}s"
