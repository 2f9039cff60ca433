"""What one expert may see of a round now: asked afresh by every page, from the rules of the phase."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .aggregates import Results, results
from .conflicts import flags
from .models import PhaseRule, Recusal, Review, Round, Sheet
from .models.rounds import SWITCHES
from .states import LIVE, SENT

NOTHING = dict.fromkeys(SWITCHES, False)


@dataclass(frozen=True)
class Sight:
    """The eight switches as they stand for one expert, one file, this moment."""

    files: bool = False
    tags: bool = False
    applicant: bool = False
    edit_own: bool = False
    scores: bool = False
    names: bool = False
    comments: bool = False
    ranking: bool = False


def rule_of(round: Round) -> PhaseRule | None:
    return round.rules.filter(phase=round.phase).first() if round.phase else None


def sight(review: Review) -> Sight:
    """Return what the expert of a review sees of its file. Of others nothing before all reviews of the file are in."""
    round = review.file.round
    rule = rule_of(round)
    if rule is None or review.state not in LIVE or not review.declared_at:
        return Sight()
    others = review.file.closed_at is not None and (review.state == SENT or not rule.own_first)
    return Sight(
        files=rule.files, tags=rule.tags, applicant=rule.applicant or not round.blind, edit_own=rule.edit_own,
        scores=others and rule.scores, names=others and rule.names, comments=others and rule.comments,
        ranking=others and rule.ranking,
    )  # fmt: skip


@dataclass
class Opinion:
    """Another expert's review, as far as the phase lets it be seen."""

    who: str
    total: object = None
    lines: list[dict] = field(default_factory=list)
    note: str = ""


def opinions(review: Review, seen: Sight) -> list[Opinion]:
    """Return the other reviews of a file, in an order that tells nothing."""
    if not (seen.scores or seen.comments):
        return []
    sheets = (
        Sheet.objects.filter(review__file=review.file_id, review__state=SENT)
        .exclude(review=review.pk)
        .order_by("review__ref", "-number")
        .distinct("review__ref")
        .select_related("review__expert__user")
        .prefetch_related("lines__criterion")
    )
    found = []
    for place, sheet in enumerate(sheets, start=1):
        name = str(sheet.review.expert) if seen.names else _("Expert %(n)s") % {"n": place}
        lines = [
            {
                "label": line.criterion.label,
                "score": line.score if seen.scores else None,
                "reason": line.reason if seen.comments else "",
            }
            for line in sheet.lines.all()
        ]
        found.append(
            Opinion(name, sheet.total if seen.scores else None, lines, sheet.note if seen.comments else "")
        )
    return found


def ranking(round: Round, user) -> Results | None:
    """Return the results of a round as an expert may see them: without what they keep off; None if not now."""
    rule = rule_of(round)
    mine = Review.objects.visible_to(user).filter(file__round=round)
    if rule is None or not rule.ranking or not mine.exists():
        return None
    if rule.own_first and mine.exclude(state=SENT).exists():
        return None
    aside = set(Recusal.objects.filter(expert__user=user).values_list("application", flat=True))
    files = round.files.select_related("application__talent__user")
    aside |= {pk for _expert, pk in flags([user.expert], [file.application for file in files])}
    return results(round, without=aside, only_closed=True)
