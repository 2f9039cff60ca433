"""Questions about policies on the staff's desk: taken, answered, published without names."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from incubation.journey.staff import StaffAct, StaffActs
from park.audit.admin import KeptHistory

from .. import access, actions
from ..actions.asking import PUBLIC
from ..models import Question
from ..states import QUESTION, QuestionState
from .departments import Due, HistoryInline, LateFilter

TONES = {"asked": "warning", "answered": "info", "published": "success", "dropped": ""}
LABELS = {
    "public_question_en": _("The question, in English and without names"),
    "public_question_zh_hans": _("The question, in Chinese and without names"),
    "public_answer_en": _("The answer, in English and without names"),
    "public_answer_zh_hans": _("The answer, in Chinese and without names"),
}


def public_words(question, user) -> dict:
    """Return the four texts to be published, begun with what was asked and answered."""
    begun = {"public_question": question.text, "public_answer": question.answer}
    return {
        name: forms.CharField(
            label=LABELS[name], max_length=4000, widget=UnfoldAdminTextareaWidget,
            initial=getattr(question, name) or begun[name.rpartition("_en")[0] or name.rpartition("_zh_hans")[0]],
        )
        for name in PUBLIC
    }  # fmt: skip


class QueueFilter(LateFilter):
    model, waiting = Question, [QuestionState.ASKED]

    def mine(self, queryset, user):
        return queryset.filter(owner=user, state=QuestionState.ASKED)


@admin.register(Question)
class QuestionAdmin(Due, StaffActs, KeptHistory, ModelAdmin):
    machine, may = QUESTION, access.may_make_of_question
    acts = (
        StaffAct("take", actions.take, "question", "front_hand"),
        StaffAct("answer", actions.answer_question, "question", "reply", fields=("note",), required=("note",)),
        StaffAct("publish", actions.publish, "question", "public", extra=public_words),
        StaffAct("unpublish", actions.unpublish, "question", "public_off", fields=("note",), required=("note",)),
    )
    list_display = ("text_begins", "policy", "topic_short", "standing", "owner", "asked_at", "answer_until")
    list_filter = (QueueFilter, "state", "topic", "owner")
    list_filter_submit = True
    list_select_related = ("policy__current", "owner")
    search_fields = ("text", "policy__slug", "policy__current__title_zh_hans")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "-pk")
    inlines = (HistoryInline,)
    fields = readonly_fields = (
        "policy", "topic", "text", "state", "tenant", "asked_by", "asked_at", "owner", "answer", "answered_by",
        "answered_at", *PUBLIC, "published_at",
    )  # fmt: skip

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description=_("question"))
    def text_begins(self, question):
        return str(question)

    @display(description=_("to be answered in"))
    def topic_short(self, question):
        return _("1 working day") if question.topic == Question.Topic.PRACTICE else _("3 working days")

    @display(description=_("state"), ordering="state", label=TONES)
    def standing(self, question):
        return question.state, question.get_state_display()
