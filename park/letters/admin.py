"""The staff's desk for letters: what was issued, and the versions of their texts."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from park.workflow.actions import MoveRefused
from park.workflow.desk import SavesByVerb

from . import access, actions, kinds, pdfs
from .forms import LetterTextForm, WithdrawForm
from .models import Letter, LetterText

KIND = gettext_lazy("kind")


def label_of(name: str) -> str:
    return dict(kinds.choices()).get(name, name)


@admin.register(LetterText)
class LetterTextAdmin(SavesByVerb, ModelAdmin):
    """Versions of each text. One that is in use is never edited: a second person puts a new version in its place."""

    form = LetterTextForm
    list_display = ("kind_label", "number", "title_en", "title_zh", "author", "published_at")
    list_select_related = ("author",)
    list_display_links = ("kind_label", "title_en")
    list_filter = ("published_at",)
    ordering = ("kind", "-number")
    actions_detail = ("preview", "put_in_use", "new_version")

    @display(description=KIND, ordering="kind")
    def kind_label(self, text):
        return label_of(text.kind)

    def get_readonly_fields(self, request, obj=None):
        return ("number", "author", "published_at", "published_by") if obj else ()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.published_at)

    def has_delete_permission(self, request, obj=None):
        return obj is not None and obj.published_at is None and self.has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        actions.write_text(text=obj, by=request.user)

    def get_actions_detail(self, request, object_id):
        """Offer to put a draft in use to those who may and did not write it."""
        text = self.get_object(request, str(object_id))
        may = text and not text.published_at and text.author_id != request.user.pk
        may = may and request.user.has_perm(access.PUBLISH_TEXTS)
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if may or not each.action_name.endswith("_put_in_use")]

    @action(description=gettext_lazy("Preview"), url_path="preview", icon="visibility")
    def preview(self, request, object_id):
        """Both languages, filled with made-up words."""
        text = self._seen(request, object_id)
        kind, sheets = kinds.find(text.kind), []
        for language in ("en", "zh-hans"):
            words = {"name": "Zhao Ming", "number": f"{kind.prefix}-2026-0000", "about": "LJ-2026-0000"}
            content = actions.write(kind, text, language, kind.sample(language) | words, timezone.now())
            sheets.append(content)
        address = reverse("letters:check", args=["sample"])
        page = {"text": text, "sheets": sheets, "qr": pdfs.qr_path(address), "check_url": address}
        return render(request, "letters/preview.html", page)

    @action(description=gettext_lazy("Put in use"), url_path="put-in-use", icon="publish")
    def put_in_use(self, request, object_id):
        text = self._seen(request, object_id)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "original": text, "title": _("Put in use")}
        if request.method != "POST":
            return render(request, "letters/admin_publish.html", page)
        try:
            actions.publish_text(text=text, by=request.user)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("New letters are written from this version."))
        return redirect("admin:letters_lettertext_change", object_id)

    @action(description=gettext_lazy("New version from this"), url_path="new-version", icon="content_copy")
    def new_version(self, request, object_id):
        """Lead to an empty form that holds the words of this version."""
        text = self._seen(request, object_id)
        page = {**self.admin_site.each_context(request), "opts": self.opts, "original": text}
        page |= {"title": _("New version from this")}
        if request.method != "POST":
            return render(request, "letters/admin_publish.html", page)
        try:
            draft = actions.new_text(like=text, by=request.user)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:letters_lettertext_change", object_id)
        return redirect("admin:letters_lettertext_change", draft.pk)

    def _seen(self, request, object_id) -> LetterText:
        text = self.get_object(request, str(object_id))
        if text is None or not self.has_view_permission(request, text):
            raise Http404
        return text


@admin.register(Letter)
class LetterAdmin(ModelAdmin):
    """What was issued. A letter is read and withdrawn here, never changed."""

    list_display = ("number", "kind_label", "to_name", "issued_at", "standing")
    list_filter = ("kind", "year", ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("ref", "to_name")
    date_hierarchy = "issued_at"
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("number", "ref", "kind_label", "to_name", "language", "issued_at", "text", "digest")}),
        (None, {"fields": ("withdrawn_at", "withdrawn_by", "withdrawn_because", "replaces")}),
    )
    actions_detail = ("read", "withdraw")

    def get_queryset(self, request):
        return access.readable_by(request.user).select_related("text", "withdrawn_by", "replaces").defer("content")

    @display(description=KIND, ordering="kind")
    def kind_label(self, letter):
        return label_of(letter.kind)

    @display(description=gettext_lazy("standing"), label={"valid": "success", "withdrawn": "danger"})
    def standing(self, letter):
        if letter.is_valid:
            return "valid", pgettext("letter", "valid")
        return "withdrawn", pgettext("letter", "withdrawn")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions_detail(self, request, object_id):
        """Offer to withdraw a letter that is valid, to those who may."""
        letter = self.get_object(request, str(object_id))
        may = letter is not None and letter.is_valid and request.user.has_perm(access.WITHDRAW)
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if may or not each.action_name.endswith("_withdraw")]

    @action(description=gettext_lazy("Read the letter"), url_path="read", icon="mail")
    def read(self, request, object_id):
        letter = self.get_object(request, str(object_id))
        if letter is None:
            raise Http404
        return redirect(letter)

    @action(description=gettext_lazy("Withdraw"), url_path="withdraw", icon="block")
    def withdraw(self, request, object_id):
        letter = self.get_object(request, str(object_id))
        if letter is None or not request.user.has_perm(access.WITHDRAW):
            raise Http404
        form, status = WithdrawForm(request.POST or None), 200
        if request.method == "POST" and form.is_valid():
            try:
                actions.withdraw(letter=letter, by=request.user, reason=form.cleaned_data["reason"])
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The letter is withdrawn. Whoever checks it reads so."))
                return redirect("admin:letters_letter_change", object_id)
        elif request.method == "POST":
            status = 422
        page = {**self.admin_site.each_context(request), "opts": self.opts, "original": letter, "form": form}
        return render(request, "letters/admin_withdraw.html", page | {"title": _("Withdraw")}, status=status)
