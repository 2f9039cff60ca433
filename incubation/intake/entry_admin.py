"""Versions of the entry rule, written by staff and checked before they can be used."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.linter import Severity, lint

from .models import EntryRule


class EntryRuleForm(forms.ModelForm):
    class Meta:
        model = EntryRule
        fields = ["number", "rule", "source", "in_use_since"]

    def clean_rule(self):
        rule = self.cleaned_data["rule"]
        if not isinstance(rule, dict):
            raise forms.ValidationError(_("This is not a rule."))
        if faults := [str(each) for each in lint(rule, TENANT_FACTS) if each.severity == Severity.ERROR]:
            raise forms.ValidationError(faults)
        return rule


@admin.register(EntryRule)
class EntryRuleAdmin(ModelAdmin):
    """A version in use is read; a new one is written beside it and says from when it counts."""

    form = EntryRuleForm
    list_display = ("number", "source", "in_use_since")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.in_use_since is None)

    def has_delete_permission(self, request, obj=None):
        return False
