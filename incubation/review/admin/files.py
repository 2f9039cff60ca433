"""Files of a round: the copy that experts read, its papers, its approval."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from park.workflow.desk import SavesByVerb

from .. import access, actions
from ..models import CopyFile, Expert, Round, RoundFile
from ..planning import survey
from ..states import PREPARING, ROUND, SCORING, Conflict
from .desk import Asks


class CopyForm(forms.Form):
    """What a copy is made with."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Left empty, the applicant's own, without names."),
    )  # fmt: skip
    extra_words = forms.CharField(
        label=gettext_lazy("Further words to leave out"), required=False, widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy("One a line: names of colleagues, institutes, products that give the person away."),
    )  # fmt: skip


class PaperForm(forms.Form):
    """Which paper of a copy, and the redacted file that takes its place."""

    paper = forms.ModelChoiceField(
        label=gettext_lazy("Paper"), queryset=CopyFile.objects.none(), widget=UnfoldAdminSelectWidget
    )
    upload = forms.FileField(
        label=gettext_lazy("Redacted file"), required=False, help_text=gettext_lazy("Left empty, the paper is dropped.")
    )

    def __init__(self, record: RoundFile, *args):
        super().__init__(*args)
        self.fields["paper"].queryset = CopyFile.objects.filter(copy__file=record).select_related("document")


class ExpertChoice(forms.ModelChoiceField):
    def label_from_instance(self, expert):
        return str(expert)


class OneMoreForm(forms.Form):
    """One more expert for a file; only those who may read it can be chosen."""

    expert = ExpertChoice(
        label=gettext_lazy("Expert"), queryset=Expert.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, record: RoundFile, *args):
        super().__init__(*args)
        fitting = [expert for file, expert in survey(record.round).fits if file == record.pk]
        self.fields["expert"].queryset = Expert.objects.filter(pk__in=fitting).select_related("user")


class AsideForm(forms.Form):
    """A tie that the park learned of."""

    expert = ExpertChoice(label=gettext_lazy("Expert"), queryset=Expert.objects.none(), widget=UnfoldAdminSelectWidget)
    kind = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Conflict, widget=UnfoldAdminSelectWidget)
    note = forms.CharField(label=gettext_lazy("In words"), widget=UnfoldAdminTextareaWidget)

    def __init__(self, record: RoundFile, *args):
        super().__init__(*args)
        known = record.application.recusals.values("expert")
        self.fields["expert"].queryset = Expert.objects.exclude(pk__in=known).select_related("user")


class TagsForm(forms.ModelForm):
    """The tags of a file, and what they were when they were read."""

    read = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    class Meta:
        model = RoundFile
        fields = ["tags"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = self.instance.tags


@admin.register(RoundFile)
class RoundFileAdmin(SavesByVerb, Asks, ModelAdmin):
    form = TagsForm
    list_display = ("code", "round", "what", "copied", "closed_at")
    list_filter = ("round",)
    list_select_related = ("round", "copy")
    search_fields = ("code", "copy__title", "application__ref")
    fields = ("code", "round", "tags", "read", "closed_at")
    actions_detail = ("copy_again", "paper", "approve", "one_more", "aside", "take_out")
    change_form_outer_before_template = "review/admin_file.html"

    def possible(self, file, user):
        if not user.has_perm(access.MANAGE):
            return set()
        copy = getattr(file, "copy", None)
        found = {"aside"}
        if file.round.state == PREPARING and not (copy and copy.is_approved):
            found |= {"copy_again", "take_out"}
            if copy and copy.papers.exists():
                found.add("paper")
            if copy and copy.made_by_id != user.pk:
                found.add("approve")
        if file.round.state == SCORING and file.reviews.live().count() < file.round.experts_per_file:
            found.add("one_more")
        return found

    def get_queryset(self, request):
        rounds = Round.objects.visible_to(request.user)
        files = super().get_queryset(request).filter(round__in=rounds)
        return files.select_related("round", "application__talent", "copy__made_by")

    def get_readonly_fields(self, request, obj=None):
        return ("code", "round", "closed_at")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        over = obj is not None and obj.round.state in ROUND.finals
        return request.user.has_perm(access.MANAGE) and not over

    def save_model(self, request, obj, form, change):
        if "tags" in form.changed_data:
            given = form.cleaned_data
            actions.tag_file(file=obj, by=request.user, tags=given["tags"], read=given["read"])

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        record = self.get_object(request, str(object_id)) if object_id else None
        copy = getattr(record, "copy", None)
        if copy is not None:
            extra_context = (extra_context or {}) | {"sections": copy.texts.get(get_language()) or copy.texts["en"]}
        return super().changeform_view(request, object_id, form_url, extra_context)

    @display(description=gettext_lazy("title"), ordering="copy__title")
    def what(self, file):
        return file.copy.title if hasattr(file, "copy") else "–"

    @display(description=gettext_lazy("copy"), label={"approved": "success", "made": "info", "none": "warning"})
    def copied(self, file):
        if not hasattr(file, "copy"):
            return "none", _("none yet")
        return ("approved", _("approved")) if file.copy.is_approved else ("made", _("waits for a second person"))

    @action(description=gettext_lazy("Make the copy"), url_path="copy", icon="content_copy")
    def copy_again(self, request, object_id):
        def form(file, *given):
            copy = getattr(file, "copy", None)
            old = {"title": copy.title, "extra_words": copy.extra_words} if copy else {}
            return CopyForm(*given[:1], initial=old)

        def run(file, **given):
            actions.make_copy(file=file, by=request.user, **given)

        told = _("It is made anew from what was sent last, and takes the place of the one there is.")
        return self.ask(request, object_id, "copy_again", _("Make the copy"), run, form=form, told=told)

    @action(description=gettext_lazy("Replace or drop a paper"), url_path="paper", icon="edit_document")
    def paper(self, request, object_id):
        def run(file, paper, upload):
            if upload:
                actions.replace_paper(paper=paper, upload=upload, by=request.user)
            else:
                actions.drop_paper(paper=paper, by=request.user)

        return self.ask(request, object_id, "paper", _("Replace or drop a paper"), run, form=PaperForm)

    @action(description=gettext_lazy("Approve the copy"), url_path="approve", icon="verified")
    def approve(self, request, object_id):
        told = _("You have read the copy and looked into its papers: nothing tells who applies. It stays as it is.")
        return self.ask(
            request, object_id, "approve", _("Approve the copy"), told=told,
            run=lambda file: actions.approve_copy(copy=file.copy, by=request.user) and None,
        )  # fmt: skip

    @action(description=gettext_lazy("Add an expert"), url_path="expert", icon="person_add")
    def one_more(self, request, object_id):
        def run(file, expert):
            actions.assign_one(file=file, expert=expert, by=request.user)

        return self.ask(request, object_id, "one_more", _("Add an expert"), run, form=OneMoreForm)

    @action(description=gettext_lazy("Keep an expert off"), url_path="aside", icon="block")
    def aside(self, request, object_id):
        def run(file, **given):
            actions.record_recusal(application=file.application, by=request.user, **given)

        told = _("For ever, and in every round. Nothing takes it back.")
        return self.ask(request, object_id, "aside", _("Keep an expert off"), run, form=AsideForm, told=told)

    @action(description=gettext_lazy("Take out of the round"), url_path="take-out", icon="remove")
    def take_out(self, request, object_id):
        def run(file):
            round = file.round_id
            actions.remove_file(file=file, by=request.user)
            return redirect("admin:review_round_change", round)

        return self.ask(request, object_id, "take_out", _("Take out of the round"), run)
