"""Who reads what: 60 files, 9 experts, 20 conflicts, three experts a file; and a round ten times as large."""

import random
from collections import Counter
from functools import partial

from bench.report import Figure, Report
from incubation.review.solver import Reader, solve

CONFLICTS = 20


def drawn(files: int, experts: int, seed: int):
    draw = random.Random(seed)
    pairs = [(f, e) for f in range(files) for e in range(experts)]
    barred = set(draw.sample(pairs, CONFLICTS * files // 60))
    fits = {pair: draw.choice((0, 2, 14, 18)) for pair in pairs if pair not in barred}
    room = files * 3 // experts + 5
    return dict.fromkeys(range(files), 3), {e: Reader(0, room) for e in range(experts)}, fits


def by_turns(places, readers, fits):
    """Give each place to the allowed expert with the fewest files: what one writes first. It looks at no expertise."""
    loads, pairs = Counter(), []
    for f, count in places.items():
        allowed = sorted((e for e in readers if (f, e) in fits), key=lambda e: (loads[e], e))
        for e in allowed[:count]:
            loads[e] += 1
            pairs.append((f, e))
    return pairs


def run(report: Report, scales: tuple[int, ...]) -> None:
    for times in [1, 10] if max(scales) > 1 else [1]:
        files, experts = 60 * times, 9 * (1 if times == 1 else 5)
        places, readers, fits = drawn(files, experts, 7)
        pairs = solve(places, readers, fits, 7)
        loads = Counter(e for _f, e in pairs).values()
        assert len(pairs) == files * 3 and max(loads) - min(loads) <= 1 and set(pairs) <= set(fits)
        good = sum(fits[pair] for pair in pairs) / max(1, sum(fits[pair] for pair in by_turns(places, readers, fits)))
        title = f"{files} files, {experts} experts, {CONFLICTS * times} conflicts (expertise x{good:.2f} of turns)"
        given = places, readers, fits
        cases = {"plan": partial(solve, *given, 7), "the same seed again": partial(solve, *given, 7)}
        report.compare(title, times, cases, {})
        taken = report.times[f"{title}: plan"]
        report.figures.append(Figure("assign.seconds" if times == 1 else "assign.tenfold", times, taken, taken))
