"""Who reads what: n experts a file, at most m files an expert, loads as even as can be. A pure question of numbers.

As few places as possible stay empty; then loads are even (each further file of one expert costs more than the one
before, so loads differ by one at the most where conflicts and limits allow it); then expertise counts; and between
plans that are equally good the seed decides. Solved by HiGHS through SciPy; the same input and seed give the same plan.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

BEST_FIT = 20  # the highest fit of a pair
SECONDS = 20  # never reached by any round of a park; a solver that hangs would hold a row lock


class Unsolved(Exception):
    """The solver gave no answer. Nothing was assigned."""


@dataclass(frozen=True)
class Reader:
    """An expert as the solver sees one: files already on the desk in this round, and room for how many in all."""

    load: int
    capacity: int


def solve(
    places: Mapping[int, int], readers: Mapping[int, Reader], fits: Mapping[tuple[int, int], int], seed: int
) -> list[tuple[int, int]]:
    """Return (file, expert) for every place that can be filled, in order.

    ``places``: free places by file; ``fits``: how well each allowed pair fits, 0 to BEST_FIT. A pair that is not in it
    is never made.
    """
    import numpy as np  # with SciPy half a second and 40 MB, for which only whoever plans a round should wait
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_matrix

    pairs = sorted((f, e) for f, e in fits if places.get(f, 0) > 0 and e in readers)
    if not pairs:
        return []
    files, experts = sorted(f for f in places if places[f] > 0), sorted(readers)
    row_of_file = {pk: row for row, pk in enumerate(files)}
    row_of_expert = {pk: len(files) + row for row, pk in enumerate(experts)}
    steps = [
        (e, load) for e in experts for load in range(readers[e].load + 1, readers[e].capacity + 1)
    ]
    total = sum(places[f] for f in files)
    even = (BEST_FIT + 1) * total + 1  # more than all expertise together
    empty = even * (max((load for _e, load in steps), default=0) + 2)  # more than the heaviest load
    draw = random.Random(seed)  # noqa: S311  a lottery that anybody can repeat is what is wanted
    chances = {pair: draw.random() / 2 for pair in pairs}

    costs, rows, columns, values = [], [], [], []

    def put(row: int, column: int, value: int) -> None:
        rows.append(row)
        columns.append(column)
        values.append(value)

    for f, e in pairs:  # a place is filled
        put(row_of_file[f], len(costs), 1)
        put(row_of_expert[e], len(costs), 1)
        costs.append(-(fits[f, e] + chances[f, e]))
    upper = [1] * len(pairs)
    for f in files:  # a place stays empty
        put(row_of_file[f], len(costs), 1)
        costs.append(empty)
        upper.append(places[f])
    for e, load in steps:  # one more file on a desk
        put(row_of_expert[e], len(costs), -1)
        costs.append(even * load)
        upper.append(1)

    shape = (len(files) + len(experts), len(costs))
    right = [places[f] for f in files] + [0] * len(experts)
    answer = milp(
        np.array(costs),
        constraints=LinearConstraint(coo_matrix((values, (rows, columns)), shape=shape).tocsr(), right, right),
        bounds=Bounds(0, np.array(upper)),
        integrality=np.ones(len(costs)),
        options={"mip_rel_gap": 0, "time_limit": SECONDS},
    )
    if answer.status != 0 or answer.x is None:
        raise Unsolved(answer.message)
    return [pair for pair, taken in zip(pairs, answer.x, strict=False) if taken > 0.5]
