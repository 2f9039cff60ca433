"""Load the demo park, or enlarge it."""

import json
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from services.demo import accounts, counting, loading


class Command(BaseCommand):
    help = "Load the demo park: real policies, invented people and companies. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, help="How many times the park's size; 10 for load tests.")
        parser.add_argument("--seed", type=int, default=loading.SEED, help="Another seed draws another park.")
        parser.add_argument("--json", action="store_true", help="Print sign-ins, API keys and counts as JSON.")

    def handle(self, *, scale, seed, **options):
        if not (settings.DEMO or settings.DEBUG or settings.TESTING):
            raise CommandError("The demo park has known sign-ins. Set DEMO=1, on loopback only, and run this again.")
        if scale < 1:
            raise CommandError("--scale is 1 or more.")
        with tqdm(
            desc="Demo park", total=loading.parts(scale), unit=" parts", file=sys.stderr, leave=False, disable=None
        ) as bar:

            def tell(text: str) -> None:
                bar.set_postfix_str(text)
                bar.update()

            loaded = loading.load(scale=scale, seed=seed, tell=tell)
        self.answer(loaded, options["json"])

    def answer(self, loaded: list[int], as_json: bool) -> None:
        sizes = counting.park()
        if as_json:
            self.stdout.write(json.dumps({"loaded": loaded, "counts": sizes, **accounts.told()}, ensure_ascii=False))
            return
        done = "The demo park is loaded." if loaded else "The demo park was there already; nothing changed."
        self.stdout.write(done)
        for name, number in sizes.items():
            self.stdout.write(f"  {number:>8,}  {name}")
