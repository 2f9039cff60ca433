"""``python -m bench NAME``: run a benchmark and say how its ratios stand to their targets."""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

NAMES = {
    "match": "rules judged in SQL against the same rules judged row by row in Python",
    "reverse": "one tenant against 10,000 policies: in one pass, by a function and by a query a policy",
    "queue": "the officers' pages: the same questions at each size, and how the time grows",
    "release": "a release to many written into the ledger, against COPY and other ways, and run a second time",
    "mail": "the mails of a release from a stencil, against building each by itself",
    "deliver": "from a release to its last mail through a real worker; --kill counts what was lost or came twice",
    "assign": "experts assigned to the files of a round: seconds for 60 files, 9 experts, 20 conflicts",
}


def arguments(argv: list[str]) -> argparse.Namespace:
    told = "".join(f"  {name:<8} {what}\n" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=f"benchmarks:\n{told}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", default="all", choices=[*NAMES, "all"], metavar="NAME")
    parser.add_argument(
        "--scale", type=_scales, default=(1, 10, 100), help="times the demo park of 242 companies: 1,10,100"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each case in turn (5)")
    parser.add_argument("--kill", action="store_true", help="deliver: kill workers in the middle of each release")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to a file")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    return parser.parse_args(argv)


def _scales(text: str) -> tuple[int, ...]:
    scales = tuple(sorted({1000 if each == "max" else int(each) for each in text.split(",")}))
    if not scales or scales[0] < 1:
        raise argparse.ArgumentTypeError("name whole numbers from 1, or max")
    return scales


def main(argv: list[str]) -> int:
    options = arguments(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "park.settings")
    os.environ.setdefault("SECRET_KEY", "benchmarks only: nothing is signed here")
    import django

    django.setup()
    from bench.report import Report

    report = Report(options.rounds)
    print(report.machine())
    for name in NAMES if options.name == "all" else (options.name,):
        more = {"kill": options.kill} if name == "deliver" else {}
        importlib.import_module(f"bench.{name}").run(report, scales=options.scale, **more)
    missed = report.judge()
    if options.json:
        options.json.write_text(json.dumps(report.as_dict(), indent=1))
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
