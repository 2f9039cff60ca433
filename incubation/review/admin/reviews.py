"""Single reviews: who has what since when, reminders, and replacing an expert. No scores are read here."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from incubation.journey.admin import HistoryInline, ReadOnly
from incubation.journey.staff import StaffAct, StaffActs

from .. import access, actions
from ..models import Expert, Reminder, Review, Round
from ..planning import candidates
from ..states import REVIEW, SCORING
from .desk import Asks


class CandidateField(forms.ModelChoiceField):
    """Who could take a review over, best first."""

    def __init__(self, found: list, **options):
        self.found = {expert.pk: (expert, load, fit) for expert, load, fit in found}
        first = found[0][0] if found else None
        super().__init__(
            queryset=Expert.objects.filter(pk__in=self.found), initial=first, widget=UnfoldAdminSelectWidget, **options
        )
        self.choices = [(pk, self.words(*each)) for pk, each in self.found.items()]

    @staticmethod
    def words(expert, load: int, fit: int) -> str:
        said = {"expert": expert, "load": load, "fit": fit}
        return _("%(expert)s · has %(load)s in this round · fit %(fit)s of 20") % said


def successors(review: Review, user) -> dict[str, forms.Field]:
    return {"to": CandidateField(candidates(review), label=_("To whom"))}


class ReminderInline(ReadOnly, TabularInline):
    model = Reminder
    fields = ("at", "step", "due_at", "by", "suggested")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by", "suggested__user")


class ReviewHistory(HistoryInline):
    """Every move of a review, newest first."""


@admin.register(Review)
class ReviewAdmin(Asks, StaffActs, ModelAdmin):
    machine, may = REVIEW, access.may_make
    acts = (
        StaffAct("replace", actions.replace, "review", "swap_horiz", fields=("internal_note",), extra=successors),
    )
    further = ("remind",)
    list_display = ("file", "expert", "state", "assigned_at", "sent_at")
    list_filter = ("state", "file__round")
    list_select_related = ("file__round", "expert__user")
    search_fields = ("file__code", "expert__user__name", "expert__user__name_zh")
    fields = ("file", "expert", "state", "assigned_at", "declared_at", "sent_at", "in_place_of")
    inlines = (ReminderInline, ReviewHistory)

    def possible(self, review, user):
        owed = review.is_waiting and review.file.round.state == SCORING
        return {"remind"} if owed and user.has_perm(access.MANAGE) else set()

    def pointless(self, review):
        return set() if review.file.round.state == SCORING else {"replace"}

    def get_queryset(self, request):
        rounds = Round.objects.visible_to(request.user)
        return super().get_queryset(request).filter(file__round__in=rounds).select_related(
            "file__round", "file__application__talent", "expert__user", "in_place_of__expert__user", "in_place_of__file"
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @action(description=gettext_lazy("Remind"), url_path="remind", icon="notifications_active")
    def remind(self, request, object_id):
        def run(review):
            actions.remind(review=review, by=request.user)

        told = _("The expert gets a notice with the due date. It stands on the file like every reminder.")
        return self.ask(request, object_id, "remind", _("Remind"), run, told=told)
