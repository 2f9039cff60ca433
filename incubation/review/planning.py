"""From a round to the solver's question and back: who may read what, how well it fits, why a place stays empty."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubation.intake.models import Application
from park.workflow.refusals import GuardFailed

from .conflicts import Flag, flags
from .models import Expert, Recusal, Review, Round
from .solver import BEST_FIT, Reader, solve
from .states import LIVE, PREPARING, SETTING_UP, UNDER_WAY

FIELD, WORD = 14, 2  # what a shared field, and each shared key word, adds to the fit

# Why an expert may not read a file, in the order in which the reasons are looked for.
RECUSED, TIED, LANGUAGE, AWAY, NOT_OF_FIELD, HAD, FULL = (
    "recused", "tied", "language", "away", "field", "had", "full",
)  # fmt: skip


@dataclass
class Desk:
    """Everything that decides about the assignment of one round."""

    round: Round
    files: list
    experts: list[Expert]
    barred: dict[tuple[int, int], str] = field(default_factory=dict)
    ties: dict[tuple[int, int], list[Flag]] = field(default_factory=dict)
    fits: dict[tuple[int, int], int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    readers: dict[int, Reader] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return the mark of all that was given: a plan that was made from something else is not confirmed."""
        given = {
            "barred": sorted([*pair, why] for pair, why in self.barred.items()),
            "fits": sorted([*pair, fit] for pair, fit in self.fits.items()),
            "places": sorted(self.places.items()),
            "readers": sorted([pk, reader.load, reader.capacity] for pk, reader in self.readers.items()),
        }
        return hashlib.sha256(json.dumps(given).encode()).hexdigest()

    def plan(self, seed: int) -> tuple[list[tuple[int, int, int]], list[dict]]:
        """Return the pairs with their fit, and the places that stay empty with the reasons."""
        pairs = solve(self.places, self.readers, self.fits, seed)
        return [(f, e, self.fits[f, e]) for f, e in pairs], self.unfilled(pairs)

    def unfilled(self, pairs: list[tuple[int, int]]) -> list[dict]:
        taken = Counter(f for f, _e in pairs)
        loads = Counter(e for _f, e in pairs)
        got = set(pairs)
        found = []
        for file in self.files:
            missing = self.places[file.pk] - taken[file.pk]
            if missing <= 0:
                continue
            why = Counter(
                self.barred.get((file.pk, expert.pk), FULL)
                for expert in self.experts
                if (file.pk, expert.pk) not in got
            )
            found.append({"file": file.pk, "code": file.code, "missing": missing, "why": dict(sorted(why.items()))})
        self.loads = {pk: reader.load + loads[pk] for pk, reader in self.readers.items()}
        return found


def survey(round: Round) -> Desk:
    """Read what decides about the assignment of a round: a fixed number of questions, whatever its size."""
    files = list(
        round.files.select_related("application__talent__user", "copy").order_by("pk")
    )
    experts = list(Expert.objects.serving().select_related("user").order_by("pk"))
    desk = Desk(round, files, experts)
    applications = [file.application for file in files]
    desk.ties = flags(experts, applications)
    recused = set(Recusal.objects.filter(application__in=applications).values_list("expert", "application"))
    had = defaultdict(set)
    here, live = Counter(), Counter()
    for file, expert, state in Review.objects.filter(file__round=round).values_list("file", "expert", "state"):
        had[file].add(expert)
        if state in LIVE:
            here[expert] += 1
            live[file] += 1
    elsewhere = dict(
        Review.objects.filter(state__in=("assigned", "open"), file__round__state__in=(*SETTING_UP, *UNDER_WAY))
        .exclude(file__round=round)
        .order_by()
        .values_list("expert")
        .annotate(Count("pk"))
    )
    today = timezone.localdate()
    for expert in experts:
        room = max(0, min(round.files_per_expert, expert.max_load - elsewhere.get(expert.pk, 0)))
        desk.readers[expert.pk] = Reader(here[expert.pk], max(room, here[expert.pk]))
    for file in files:
        desk.places[file.pk] = max(0, round.experts_per_file - live[file.pk])
        copy = getattr(file, "copy", None)
        for expert in experts:
            pair = (file.pk, expert.pk)
            why = _bar(desk, file, copy, expert, recused, had[file.pk], today)
            if why:
                desk.barred[pair] = why
            else:
                desk.fits[pair] = fit(expert, file.application, copy)
    return desk


def _bar(desk: Desk, file, copy, expert: Expert, recused, had, today) -> str:
    tie = (expert.pk, file.application_id)
    if tie in recused:
        return RECUSED
    if tie in desk.ties:
        return TIED
    if expert.pk in had:
        return HAD
    language = copy.language if copy else file.application.talent.user.language
    if expert.languages and language not in expert.languages:
        return LANGUAGE
    if expert.is_away(today, timezone.localdate(desk.round.due_at)):
        return AWAY
    if desk.round.field_only and file.application.sector not in expert.sectors:
        return NOT_OF_FIELD
    return ""


def fit(expert: Expert, application, copy) -> int:
    """Say how well a file suits an expert: a shared field, and each key word that the file mentions."""
    points = FIELD if application.sector and application.sector in expert.sectors else 0
    text = json.dumps(copy.texts, ensure_ascii=False).casefold() if copy else application.title.casefold()
    points += WORD * sum(word.casefold() in text for word in expert.keywords if word.strip())
    return min(points, BEST_FIT)


def candidates(review: Review) -> list[tuple[Expert, int, int]]:
    """Return who could take a review over, best first, with their load in the round and their fit."""
    desk = survey(review.file.round)
    found = [
        (expert, desk.readers[expert.pk].load, desk.fits[review.file_id, expert.pk])
        for expert in desk.experts
        if (review.file_id, expert.pk) in desk.fits
        and desk.readers[expert.pk].load < desk.readers[expert.pk].capacity
    ]
    return sorted(found, key=lambda each: (-each[2], each[1], each[0].pk))


def has_room_for(application: Application) -> None:
    """The question before an application is passed on to a panel: is there a round for it, with enough free experts?

    Raises GuardFailed.
    """
    rounds = Round.objects.filter(call=application.call_id, state=PREPARING, rubric__published_at__isnull=False)
    round = rounds.order_by("due_at", "pk").first()
    if round is None:
        raise GuardFailed(_("No round of this call is being prepared with a rubric in use."), code="no-round")
    experts = list(Expert.objects.serving().select_related("user").order_by("pk"))
    tied = {expert for expert, _application in flags(experts, [application])}
    aside = set(application.recusals.values_list("expert", flat=True))
    free = [expert for expert in experts if expert.pk not in tied | aside]
    if len(free) < round.experts_per_file:
        words = {"free": len(free), "needed": round.experts_per_file}
        sentence = _("Only %(free)s experts have no conflict with this application; the round needs %(needed)s.")
        raise GuardFailed(sentence % words, code="too-few-experts")


def explain(entry: dict) -> str:
    """Say in words why places of a file stay empty."""
    counts = entry["why"]
    parts = [words(count) for why, words in WORDS.items() if (count := counts.get(why))]
    missing = ngettext("%(n)s place stays empty", "%(n)s places stay empty", entry["missing"]) % {"n": entry["missing"]}
    reasons = _("; ").join(parts) or _("there are no experts")
    return _("%(file)s: %(missing)s: %(reasons)s.") % {"file": entry["code"], "missing": missing, "reasons": reasons}


WORDS = {
    TIED: lambda n: ngettext("%(n)s expert has a tie on record", "%(n)s experts have a tie on record", n) % {"n": n},
    RECUSED: lambda n: _("%(n)s stepped aside") % {"n": n},
    LANGUAGE: lambda n: ngettext(
        "%(n)s does not read its language", "%(n)s do not read its language", n
    ) % {"n": n},
    AWAY: lambda n: ngettext("%(n)s is away until it is due", "%(n)s are away until it is due", n) % {"n": n},
    NOT_OF_FIELD: lambda n: ngettext("%(n)s is not of the field", "%(n)s are not of the field", n) % {"n": n},
    HAD: lambda n: ngettext("%(n)s has or had it already", "%(n)s have or had it already", n) % {"n": n},
    FULL: lambda n: ngettext("%(n)s has no room left", "%(n)s have no room left", n) % {"n": n},
}  # fmt: skip
