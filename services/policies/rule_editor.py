"""The editor of a draft's rule in the staff area: cards within cards, each act a step of its own.

Beside the cards stands what the rule says now: in words of both languages, what the linter found, whom it fits this
moment, and what it says of the golden cases. Every step goes through the verb ``revise`` and works without JavaScript.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from park.rules import editing
from park.rules.editing import NoSuchPlace
from park.rules.linter import lint_rule
from park.rules.states import Verdict as Word
from park.workflow.actions import MoveRefused

from . import access, actions, golden, matching
from .cards import conditions
from .models import PolicyVersion
from .rule_forms import ConditionForm, FactForm
from .states import State

# What a button does to the rule. What moves an entry gives its new place as well.
ACTS = {
    "remove": editing.removed,
    "unwrap": editing.unwrapped,
    "turn": editing.turned,
    "wrap_all": lambda rule, place: editing.wrapped(rule, place, "all"),
    "wrap_any": lambda rule, place: editing.wrapped(rule, place, "any"),
    "wrap_not": lambda rule, place: editing.wrapped(rule, place, "not"),
    "up": lambda rule, place: editing.moved(rule, place, -1),
    "down": lambda rule, place: editing.moved(rule, place, 1),
    "in": editing.carried_in,
    "out": editing.carried_out,
    "add_all": lambda rule, place: editing.added(rule, place, {"all": []}),
    "add_any": lambda rule, place: editing.added(rule, place, {"any": []}),
}
LANGUAGES = (("en", "English"), ("zh-hans", "中文"))


@dataclass
class Open:
    """What is being changed or added: its place or the list it joins, and the form that asks."""

    form: object
    place: str = ""
    into: str = ""
    fact: object = None

    @property
    def address(self) -> dict[str, str]:
        return {"edit": self.place} if self.place else {"into": self.into}


class RuleEditor:
    """Adds the page of the rule editor to the desk of policy versions."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.rule_view)
        return [path("<int:pk>/rule/", page, name="policies_policyversion_rule"), *super().get_urls()]

    def rule_view(self, request, pk):
        """Show the rule of a version as cards; take one step of a draft at a time."""
        version = get_object_or_404(PolicyVersion.objects.select_related("policy"), pk=pk)
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, version, self._asked(request, version))
        if not access.may_draft(request.user):
            raise PermissionDenied(_("Only a draft can be changed, by people with the duty for it."))
        if request.POST.get("act") == "put":
            return self._put(request, version)
        return self._act(request, version)

    def _asked(self, request, version) -> Open | None:
        """Return what the address asks to change or add; nothing where it names no place of this rule."""
        place, into = request.GET.get("edit", ""), request.GET.get("into", "")
        if not (place or into) or not (may_write(request.user, version) or request.method == "POST"):
            return None  # what was typed while a draft was sent is shown again: the verb says why it is not kept
        rule, key = editing.opened(version.rule), request.GET.get("fact", "")
        try:
            before = editing.node_at(rule, place) if place else None
            if into:
                editing.added(rule, into, {})
        except NoSuchPlace:
            return None
        if place and "fact" not in before:
            return None
        fact = version.vocabulary.get(key) or (version.vocabulary.get(before["fact"]) if before else None)
        if fact is None or "choose" in request.GET:
            return Open(FactForm(version.vocabulary, initial={"fact": fact.key if fact else None}), place, into)
        given = request.POST if request.method == "POST" else None
        whole = not any(part in editing.steps(place or into) for part in editing.PARTS)
        form = ConditionForm(fact, given, before=before, whole=whole, initial={"lock": version.version})
        return Open(form, place, into, fact)

    def _put(self, request, version):
        """Write the condition of the form in its place, or add it to its list."""
        asked = self._asked(request, version)
        if asked is None or asked.fact is None:
            raise Http404
        if not asked.form.is_valid():
            return self._page(request, version, asked, 422)
        node, place = asked.form.node(), asked.place
        if place:
            rule = editing.put(version.rule, place, node)
        else:
            rule, place = editing.added(version.rule, asked.into, node)
        refusal = self._write(request, version, rule, asked.form.cleaned_data["lock"])
        if refusal:
            asked.form.add_error(None, refusal)
            return self._page(request, version, asked, 409)
        return self._back(version, place)

    def _act(self, request, version):
        """Take the step of a button."""
        act, place, lock = (request.POST.get(name, "") for name in ("act", "place", "lock"))
        if act not in ACTS or not lock.isdecimal():
            raise Http404
        try:
            changed = ACTS[act](version.rule, place)
        except NoSuchPlace:
            messages.error(request, _("The rule has changed meanwhile: look again, and take the step anew."))
            return self._back(version, "")
        rule, place = changed if isinstance(changed, tuple) else (changed, place)
        if act == "remove":
            place = place.rpartition(".")[0].rpartition(".")[0]
        if refusal := self._write(request, version, rule, int(lock)):
            messages.error(request, refusal)
        return self._back(version, place)

    @staticmethod
    def _write(request, version, rule: dict, lock: int) -> str:
        """Keep a step; return why not."""
        try:
            actions.revise(version=version, wording={"rule": rule}, by=request.user, lock=lock)
        except MoveRefused as refusal:
            return str(refusal)
        return ""

    @staticmethod
    def _back(version, place: str):
        anchor = f"at-{place.replace('.', '-')}" if place else "rule"
        return redirect(f"{reverse('admin:policies_policyversion_rule', args=[version.pk])}#{anchor}")

    def _page(self, request, version, asked: Open | None, status: int = 200):
        findings = lint_rule(version.parsed)
        root = editing.cards(version.rule, version.vocabulary, findings)
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": version,
            "title": _("Conditions of %(version)s") % {"version": version},
            "case": reverse("admin:policies_policyversion_change", args=[version.pk]),
            "here": reverse("admin:policies_policyversion_rule", args=[version.pk]),
            "root": root,
            "asked": asked,
            "can_write": may_write(request.user, version),
            "findings": [(card.anchor, finding) for card in root.everything() for finding in card.findings],
            "said": [(code, name, in_words(version, code)) for code, name in LANGUAGES],
            "reach": reach_now(version) if access.may_preview(request.user) else None,
            "cases": tried(version),
            "media": self.media + FactForm(version.vocabulary).media,
        }
        return render(request, "policies/editor/rule.html", page, status=status)


def may_write(user, version: PolicyVersion) -> bool:
    return version.state == State.DRAFT and access.may_draft(user)


def in_words(version: PolicyVersion, language: str) -> list[dict]:
    with override(language):
        return [dict(each, rule=str(each["rule"])) for each in conditions(version)]


def reach_now(version: PolicyVersion) -> dict:
    """Return how many tenants the rule fits this moment, and how many people would be told."""
    seen = matching.look(version)
    return {"fits": len(seen.fits), "may_fit": len(seen.may_fit), "near": len(seen.near), "people": seen.people}


def tried(version: PolicyVersion) -> list[dict]:
    """Return what the rule says of each golden case."""
    return [
        {"name": each.case.name, "expected": Word(each.case.expected).label, "found": each.found.label,
         "passes": each.passes}
        for each in golden.tried(version)
    ]  # fmt: skip
