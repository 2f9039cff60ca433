"""Writing rubrics: a draft is edited in the staff area; published, it stays."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, NotYours, verb

from ..models import Criterion, Rubric
from ..models.rubrics import WHOLE

WORDS = ("label", "label_en", "label_zh_hans", "hint", "hint_en", "hint_zh_hans", "meanings", "meanings_en",
         "meanings_zh_hans")  # fmt: skip


@verb
def new_version(*, rubric: Rubric, by) -> Rubric:
    """Begin the next version of a rubric as a copy of this one. Raises NotYours."""
    if not by.has_perm("review.add_rubric"):
        raise NotYours
    versions = Rubric.objects.filter(slug=rubric.slug).select_for_update().order_by("-number")
    number = next(iter(versions.values_list("number", flat=True)), 0) + 1
    draft = Rubric.objects.create(
        slug=rubric.slug, number=number, name=rubric.name, name_en=rubric.name_en, name_zh_hans=rubric.name_zh_hans,
        highest=rubric.highest, reason_up_to=rubric.reason_up_to, reason_from=rubric.reason_from,
    )  # fmt: skip
    for each in rubric.criteria.all():
        Criterion.objects.create(
            rubric=draft, position=each.position, key=each.key, weight=each.weight, veto_up_to=each.veto_up_to,
            **{name: getattr(each, name) for name in WORDS},
        )  # fmt: skip
    return draft


@verb
def publish(*, rubric: Rubric, by) -> Rubric:
    """Let rounds take a version. From then on it cannot be changed. Raises GuardFailed with what is wrong."""
    if not by.has_perm("review.publish_rubric"):
        raise NotYours
    locked = Rubric.objects.select_for_update(of=("self",)).get(pk=rubric.pk)
    if locked.is_published:
        raise GuardFailed(_("This version is in use already."), code="published")
    if faults := faults_of(locked):
        raise GuardFailed(" ".join(faults), code="faulty-rubric")
    locked.published_at, locked.published_by = timezone.now(), by
    locked.save(update_fields=["published_at", "published_by"])
    rubric.refresh_from_db()
    return rubric


def faults_of(rubric: Rubric) -> list[str]:
    """Say what keeps a rubric from being used."""
    found = []
    weight = sum(each.weight for each in rubric.items)
    if weight != WHOLE:
        found.append(_("The weights add up to %(sum)s, not to 100.") % {"sum": weight})
    for each in rubric.items:
        if not (each.label_en and each.label_zh_hans):
            found.append(_("“%(criterion)s” needs its name in both languages.") % {"criterion": each})
        for text in (each.meanings_en, each.meanings_zh_hans):
            if len([line for line in (text or "").splitlines() if line.strip()]) != rubric.highest + 1:
                words = {"criterion": each, "count": rubric.highest + 1}
                found.append(_("“%(criterion)s” needs %(count)s lines of meanings in both languages.") % words)
                break
        if each.veto_up_to is not None and each.veto_up_to >= rubric.highest:
            found.append(_("“%(criterion)s” would stop every file.") % {"criterion": each})
    return found
