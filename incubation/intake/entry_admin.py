"""Versions of the entry rule, written by staff and checked before they can be used."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action

from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.explain import in_words
from park.rules.linter import Severity, lint
from park.rules.tree import parse
from park.workflow.actions import MoveRefused
from park.workflow.desk import SavesByVerb

from . import access, actions
from .models import EntryRule


class EntryRuleForm(forms.ModelForm):
    class Meta:
        model = EntryRule
        fields = ["rule", "source"]

    def clean_rule(self):
        rule = self.cleaned_data["rule"]
        if not isinstance(rule, dict):
            raise forms.ValidationError(_("This is not a rule."))
        if faults := [str(each) for each in lint(rule, TENANT_FACTS) if each.severity == Severity.ERROR]:
            raise forms.ValidationError(faults)
        return rule


@admin.register(EntryRule)
class EntryRuleAdmin(SavesByVerb, ModelAdmin):
    """A version in use is read; a new one is written beside it, and a second person puts it in its place."""

    form = EntryRuleForm
    list_display = ("number", "source", "author", "in_use_since", "retired_at")
    list_select_related = ("author",)
    actions_detail = ("put_in_use",)

    def get_fields(self, request, obj=None):
        return (*self.form.Meta.fields, *self.get_readonly_fields(request, obj))

    def get_readonly_fields(self, request, obj=None):
        return ("number", "author", "in_use_since", "put_in_use_by", "retired_at") if obj else ()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.in_use_since is None)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        actions.write_rule(rule=obj, by=request.user)

    def get_actions_detail(self, request, object_id):
        """Offer to put a draft in use to those who may and did not write it."""
        return super().get_actions_detail(request, object_id) if self._may_use(request, object_id) else []

    def _may_use(self, request, object_id) -> EntryRule | None:
        rule = self.get_object(request, str(object_id))
        may = request.user.has_perm(access.PUBLISH_RULES)
        return rule if may and rule and not rule.in_use_since and rule.author_id != request.user.pk else None

    @action(description=gettext_lazy("Put in use"), url_path="put-in-use", icon="publish")
    def put_in_use(self, request, object_id):
        rule = self._may_use(request, object_id)
        if rule is None:
            raise Http404
        page = {**self.admin_site.each_context(request), "opts": self.opts, "original": rule, "title": _("Put in use")}
        page |= {"now": EntryRule.objects.in_use(), "said": in_words(parse(rule.rule, TENANT_FACTS))}
        if request.method != "POST":
            return render(request, "intake/admin_entry.html", page)
        try:
            actions.put_in_use(rule=rule, by=request.user)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Applications are checked by this version from now on."))
        return redirect("admin:intake_entryrule_change", object_id)
