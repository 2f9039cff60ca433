"""Where the lines and bars of a chart lie. x in per cent and y in pixels, so that words keep their size."""

from math import ceil, log10, pi

from park.pages.wording import plain_number

LINE_HEIGHT, LINE_TOP, LINE_BOTTOM, LINE_LEFT, LINE_RIGHT = 230, 14, 204, 6.0, 96.0
RADIUS = 62
BAR_STEP = 48


def bars(rows, ramp: bool = False) -> dict:
    """Lay out horizontal bars that start at nought, each with its name above and its number behind."""
    largest = max((row[1] for row in rows), default=0) or 1
    laid = []
    for place, (label, value, *url) in enumerate(rows):
        width = 86 * value / largest
        laid.append(
            {
                "label": label,
                "value": plain_number(value),
                "url": url[0] if url else "",
                "width": f"{width:.1f}",
                "text_x": f"{width + 1.2:.1f}",
                "label_y": place * BAR_STEP + 13,
                "bar_y": place * BAR_STEP + 20,
                "text_y": place * BAR_STEP + 31,
                "colour": f"var(--st{min(place + 1, 5)})" if ramp else "var(--d1)",
            }
        )
    return {"bars": laid, "height": max(len(rows) * BAR_STEP - 4, 0)}


def steps_of(largest: float) -> list[int]:
    """Return five round numbers from nought up to at least ``largest``, for the grid."""
    if largest <= 4:
        return [0, 1, 2, 3, 4]
    power = 10 ** int(log10(largest / 4))
    step = next(
        factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power * 4 >= largest and factor * power % 1 == 0
    )
    return [ceil(step * count) for count in range(5)]


def lines(labels, series) -> dict:
    """Lay out lines over named points, with a grid from nought and the last value written at the end."""
    grid = steps_of(max((value for _name, values in series for value in values), default=0))

    def y(value):
        return LINE_BOTTOM - (LINE_BOTTOM - LINE_TOP) * value / grid[-1]

    def x(place):
        return LINE_LEFT + (LINE_RIGHT - LINE_LEFT) * place / max(len(labels) - 1, 1)

    every = max(1, ceil(len(labels) / 6))
    return {
        "height": LINE_HEIGHT,
        "grid": [
            {"value": plain_number(value), "y": f"{y(value):.0f}", "text_y": f"{y(value) - 4:.0f}"} for value in grid
        ],
        "labels": [{"text": text, "x": f"{x(place):.2f}"} for place, text in enumerate(labels) if place % every == 0],
        "series": [
            {
                "name": name,
                "colour": f"var(--d{number})",
                "swatch": f"d{number}",
                "dashed": number == 2,
                "points": " ".join(f"{x(place):.2f},{y(value):.1f}" for place, value in enumerate(values)),
                "last": plain_number(values[-1]),
                "last_x": f"{x(len(values) - 1):.2f}",
                "last_y": f"{y(values[-1]):.1f}",
                "text_y": f"{max(y(values[-1]) - 9, 10):.0f}",
            }
            for number, (name, values) in enumerate(series, 1)
            if values
        ],
        "table": [
            {"label": text, "values": [plain_number(values[place]) for _name, values in series if place < len(values)]}
            for place, text in enumerate(labels)
        ],
        "names": [name for name, _values in series],
    }


def slices(rows) -> dict:
    """Lay out a ring with a small gap between its parts, in the order given."""
    total = sum(value for _label, value in rows) or 1
    circle, done, laid = 2 * pi * RADIUS, 0.0, []
    for number, (label, value) in enumerate(rows, 1):
        share = circle * value / total
        laid.append(
            {
                "label": label,
                "value": plain_number(value),
                "share": f"{plain_number(100 * value / total, 0)}%",
                "colour": f"var(--d{min(number, 6)})",
                "swatch": f"d{min(number, 6)}",
                "dash": f"{max(share - 2.5, 0.5):.1f} {circle - max(share - 2.5, 0.5):.1f}",
                "offset": f"{-done:.1f}",
            }
        )
        done += share
    return {"slices": laid, "radius": RADIUS}


def spark(points) -> dict:
    """Lay out a small line without numbers, 100 wide and 38 high."""
    if len(points) < 2:
        return {}
    low, high = min(points), max(points)
    spread = (high - low) or 1
    laid = " ".join(
        f"{100 * place / (len(points) - 1):.1f},{34 - 30 * (value - low) / spread:.1f}"
        for place, value in enumerate(points)
    )
    return {"line": laid, "area": f"0,38 {laid} 100,38"}
