"""Rubrics: written as a draft, published, compared version by version."""

from django import forms
from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import action, display

from .. import actions
from ..models import Criterion, Rubric
from .desk import Asks

TEXTS = ("label", "hint", "weight", "veto_up_to")


class CriterionForm(forms.ModelForm):
    class Meta:
        model = Criterion
        fields = (
            "position", "key", "weight", "veto_up_to", "label_en", "label_zh_hans", "hint_en", "hint_zh_hans",
            "meanings_en", "meanings_zh_hans",
        )  # fmt: skip


class CriterionInline(StackedInline):
    model = Criterion
    form = CriterionForm
    extra = 0
    ordering = ("position",)

    def may(self, request, obj=None):
        return obj is not None and not obj.is_published and request.user.has_perm("review.change_rubric")

    def has_add_permission(self, request, obj=None):
        return self.may(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.may(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may(request, obj)

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(Rubric)
class RubricAdmin(Asks, ModelAdmin):
    """Versions of the rubrics. One that is in use is never edited: make the next version."""

    list_display = ("name", "slug", "number", "standing", "published_at")
    list_filter = ("slug",)
    inlines = (CriterionInline,)
    fields = ("name_en", "name_zh_hans", "slug", "number", "highest", "reason_up_to", "reason_from")
    actions_detail = ("publish", "next_version", "compare")

    def possible(self, rubric, user):
        found = {"compare"} if Rubric.objects.filter(slug=rubric.slug).exclude(pk=rubric.pk).exists() else set()
        if user.has_perm("review.publish_rubric") and not rubric.is_published:
            found.add("publish")
        return found | ({"next_version"} if user.has_perm("review.add_rubric") else set())

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_delete_permission(self, request, obj=None):
        return obj is not None and not obj.is_published and super().has_delete_permission(request, obj)

    @display(description=gettext_lazy("standing"), label={"use": "success", "draft": "info"})
    def standing(self, rubric):
        return ("use", _("in use")) if rubric.is_published else ("draft", _("draft"))

    @action(description=gettext_lazy("Publish"), url_path="publish", icon="publish")
    def publish(self, request, object_id):
        told = _("Rounds may take this version from now on. It can never be changed again.")
        return self.ask(
            request, object_id, "publish", _("Publish"), told=told,
            run=lambda rubric: actions.publish(rubric=rubric, by=request.user),
        )  # fmt: skip

    @action(description=gettext_lazy("Make the next version"), url_path="next", icon="content_copy")
    def next_version(self, request, object_id):
        def run(rubric):
            draft = actions.new_version(rubric=rubric, by=request.user)
            return redirect(self.case_of(draft.pk))

        told = _("A draft with the same criteria is made. Rounds that are under way keep the version they have.")
        return self.ask(request, object_id, "next_version", _("Make the next version"), told=told, run=run)

    @action(description=gettext_lazy("Compare versions"), url_path="compare", icon="compare_arrows")
    def compare(self, request, object_id):
        """Lay two versions side by side."""
        rubric = self.open_record(request, object_id, "compare")
        others = list(Rubric.objects.filter(slug=rubric.slug).exclude(pk=rubric.pk).order_by("-number"))
        chosen = request.GET.get("with", "")
        other = next((each for each in others if str(each.pk) == chosen), None)
        if chosen and other is None:
            raise Http404
        older = [each for each in others if each.number < rubric.number]
        other = other or next(iter(older or others))
        page = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": rubric,
            "title": _("Compare versions"), "left": other, "right": rubric, "others": others,
            "rows": side_by_side(other, rubric), "case": self.case_of(object_id),
        }  # fmt: skip
        return render(request, "review/admin_compare.html", page)


def side_by_side(left: Rubric, right: Rubric) -> list[dict]:
    """Return every criterion of either version, with what differs."""
    old, new = ({each.key: each for each in rubric.items} for rubric in (left, right))
    rows = []
    for key in dict.fromkeys([*new, *old]):
        one, two = old.get(key), new.get(key)
        said = [[(getattr(each, name) if each else None) for each in (one, two)] for name in TEXTS]
        anchors = [each.anchors if each else [] for each in (one, two)]
        rows.append({
            "left": one, "right": two, "changed": any(a != b for a, b in said) or anchors[0] != anchors[1],
            "anchors": [
                {"score": score, "left": a, "right": b, "changed": a != b}
                for score, (a, b) in enumerate(_pairs(*anchors))
            ],
        })  # fmt: skip
    return rows


def _pairs(left: list[str], right: list[str]):
    longest = max(len(left), len(right))
    return zip(*(texts + [""] * (longest - len(texts)) for texts in (left, right)), strict=True)
