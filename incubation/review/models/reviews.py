"""One expert's review of one file: where it stands, what is typed so far, what was sent, who was reminded."""

import secrets

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only, audited

from ..states import LIVE, SENT, UNDER_WAY, WAITING, ReviewState
from .conflicts import ONE_AT_A_TIME
from .experts import Expert
from .rounds import Plan, RoundFile

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
STOPPED = ("withdrawn", "closed", "rejected")  # an application of which nobody has to read any more


def new_ref() -> str:
    """Return a reference that nobody can guess and that says nothing of number, order or applicant."""
    return "".join(secrets.choice(LETTERS) for _place in range(10))


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what an expert has to do with now. Who stepped aside, or was relieved, finds nothing here."""
        return self.filter(
            expert__user=user, expert__active=True, state__in=LIVE, file__round__state__in=(*UNDER_WAY, "closed")
        ).exclude(file__application__state__in=STOPPED).exclude(
            file__application__recusals__expert__user=user
        )

    def waiting(self):
        """Return the reviews that an expert still owes, in rounds that are being scored."""
        return self.filter(state__in=WAITING, file__round__state="scoring").exclude(
            file__application__state__in=STOPPED
        )

    def live(self):
        return self.filter(state__in=LIVE)

    def sent(self):
        return self.filter(state=SENT)


@audited()
class Review(models.Model):
    """One file given to one expert. ``ref`` is its address; the expert declares, scores, and sends."""

    file = models.ForeignKey(RoundFile, models.PROTECT, related_name="reviews")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews", verbose_name=_("expert"))
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews", null=True, blank=True)
    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ReviewState, default=ReviewState.ASSIGNED)
    version = models.PositiveIntegerField(default=1)
    assigned_at = models.DateTimeField(_("assigned"), default=timezone.now)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    in_place_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor", verbose_name=_("in place of")
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("review"), _("reviews")
        ordering = ["file__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "expert"], name="an_expert_has_a_file_once"),
            models.CheckConstraint(name="a_review_has_a_known_state", condition=Q(state__in=ReviewState.values)),
            models.CheckConstraint(
                name="nobody_scores_before_declaring",
                condition=~Q(state__in=["open", "sent"]) | Q(declared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sent_scores_have_their_moment", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["expert", "state"], name="reviews_of_an_expert")]
        triggers = [
            pgtrigger.Trigger(
                name="who_stepped_aside_never_returns",
                when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, declare=[("whose", "bigint")],
                func="SELECT application_id INTO whose FROM review_roundfile WHERE id = NEW.file_id;"  # noqa: S608
                + ONE_AT_A_TIME.format(expert="NEW.expert_id", application="whose") + """
                    IF NEW.state IN ('assigned', 'open', 'sent') AND EXISTS (
                        SELECT 1 FROM review_recusal WHERE expert_id = NEW.expert_id AND application_id = whose
                    ) THEN
                        RAISE EXCEPTION 'this expert stepped aside from this application'
                            USING ERRCODE = '23514', CONSTRAINT = 'who_stepped_aside_never_returns';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="a_review_stays_with_its_file", operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("file", "expert", "ref"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.file} · {self.expert}"

    def get_absolute_url(self) -> str:
        return reverse("review:score", args=[self.ref])

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


class Scoring(models.Model):
    """What an expert has typed so far, right or wrong: ``{criterion: {"score": 4, "reason": "…"}}``. Theirs alone."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="scoring", primary_key=True)
    scores = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    edit = models.CharField(max_length=20, blank=True)  # marks the open page, whose own saves never collide

    class Meta:
        verbose_name, verbose_name_plural = _("scores being written"), _("scores being written")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.review_id)


class Sheet(models.Model):
    """Scores as they were sent. A second sending is a second sheet; the last one counts. Never changed."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField(_("number"))
    total = models.DecimalField(_("weighted total"), max_digits=5, decimal_places=2)
    note = models.TextField(_("note to the panel"), blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("score sheet"), _("score sheets")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="a_sheet_has_its_own_number"),
            models.CheckConstraint(name="a_total_is_out_of_a_hundred", condition=Q(total__range=(0, 100))),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.number}"


class SheetLine(models.Model):
    """One criterion of a sheet. At the extremes of the scale there is a reason, which the applicant reads."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="lines")
    criterion = models.ForeignKey("review.Criterion", models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    reason = models.TextField(_("reason"), blank=True)
    reason_needed = models.BooleanField()

    class Meta:
        verbose_name, verbose_name_plural = _("score"), _("scores")
        ordering = ["criterion__position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="a_criterion_is_scored_once_a_sheet"),
            models.CheckConstraint(name="a_score_is_on_the_scale", condition=Q(score__range=(0, 10))),
            models.CheckConstraint(
                name="a_score_at_the_extremes_has_a_reason", condition=Q(reason_needed=False) | ~Q(reason=""),
                violation_error_message=_("A score at the extremes needs a reason."),
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.score}"


class Reminder(models.Model):
    """A reminder that went out on a review: so many working days before it is due, or after. Seen on the file."""

    class Step(models.TextChoices):
        FIVE = "5", _("Five working days before")
        TWO = "2", _("Two working days before")
        DUE = "0", _("On the day")
        REPLACE = "replace", _("Three working days late: a replacement was suggested")
        BY_HAND = "hand", _("By an officer")

    review = models.ForeignKey(Review, models.PROTECT, related_name="reminders")
    step = models.CharField(_("when"), max_length=8, choices=Step)
    due_at = models.DateTimeField(_("due"))
    at = models.DateTimeField(_("sent"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    suggested = models.ForeignKey(Expert, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reminder"), _("reminders")
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["review", "step", "due_at"], condition=~Q(step="hand"), name="one_is_reminded_once_a_step"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.get_step_display()}"
