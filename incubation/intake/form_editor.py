"""The editor of form versions in the staff area: an outline, a page for each entry, conditions in words, a preview.

Every change goes through the verb ``write``, which says why what cannot work is refused.
"""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from park.rules import words
from park.rules.tree import RuleError
from park.workflow.actions import MoveRefused

from . import access, outline
from .actions import forming
from .comparison import compare, rule_in_words, tally
from .definition import Definition, Entry, Field, Paper, Part, Task
from .editor_forms import CriterionForm, PaperForm, PartForm, QuestionForm, TaskForm, type_choices
from .faults import Fault, faults_of
from .form_states import DISCARDED, DRAFT
from .models import FormVersion
from .vocabulary import TYPES

WHICH = {"when": "when", "needed": "required_when"}  # word of the address: attribute of the entry
HOME = "admin:intake_formversion_change"


class FormEditor:
    """Adds the pages of the editor to the desk of form versions."""

    def get_urls(self):
        pages = {
            "<int:pk>/into/<str:place>/": self.add_entry, "<int:pk>/entry/<str:place>/": self.entry,
            "<int:pk>/arrange/": self.arrange, "<int:pk>/conditions/<str:place>/<str:which>/": self.conditions,
            "<int:pk>/compare/": self.compare, "<int:pk>/export/": self.export, "<int:pk>/import/": self.take_in,
        }  # fmt: skip
        return [
            path(address, self.admin_site.admin_view(page), name=f"intake_formversion_{page.__name__}")
            for address, page in pages.items()
        ] + super().get_urls()

    # --- What every page asks ---------------------------------------------------------------------------------------
    def version_of(self, request, pk: int, *, writing: bool = True) -> FormVersion:
        """Return the version, if this person may read it; with ``writing`` if they may change it now."""
        version = get_object_or_404(FormVersion.objects.select_related("form"), pk=pk)
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        if writing and not may_write(request.user, version):
            raise PermissionDenied(_("Only a draft can be changed, by people with the duty for it."))
        return version

    def page(self, request, template: str, version: FormVersion, title: str, status: int = 200, **content):
        home = reverse(HOME, args=[version.pk])
        page = self.admin_site.each_context(request) | {
            "opts": self.opts, "original": version, "title": title, "home": home, **content,
        }  # fmt: skip
        return render(request, f"intake/editor/{template}.html", page, status=status)

    def write(self, request, version: FormVersion, definition: dict, what: str, lock) -> list[str]:
        """Keep a change; return why not, one sentence a fault."""
        try:
            forming.write(form=version, definition=definition, by=request.user, version=lock, what=what)
        except forming.FormRefused as refusal:
            return [fault.message for fault in refusal.faults]
        except MoveRefused as refusal:
            return [str(refusal)]
        messages.success(request, what)
        return []

    # --- Entries ----------------------------------------------------------------------------------------------------
    def add_entry(self, request, pk, place):
        """Add an entry: a part to the form, a task to a part, a question or a paper to a task."""
        version = self.version_of(request, pk)
        holder = "" if place == "form" else place
        definition = Definition(version.definition)
        if holder and definition.entry(holder) is None:
            raise Http404
        kinds = outline.can_hold(definition, holder)
        if not kinds:
            raise Http404
        inside = isinstance(definition.entry(holder), Field)
        type_ = request.GET.get("type", "")
        if kinds[0] == "field" and type_ not in dict(type_choices(inside)):
            return self.page(
                request, "types", version, _("Which kind of question?"), types=type_choices(inside),
            )  # fmt: skip
        form = self.entry_form(request, version, kinds[0], {}, holder, type_, inside)
        if request.method == "POST" and form.is_valid():
            entry = form.entry()
            path_ = ".".join(filter(None, [holder, entry["key"]]))
            changed = outline.added(version.definition, holder, entry)
            what = _("Added: %(entry)s") % {"entry": entry["label_en"]}
            if not self.refused(request, form, version, changed, what):
                return redirect(f"{reverse(HOME, args=[pk])}#{path_}")
        title = {"part": _("New part"), "task": _("New task"), "field": _("New question"), "paper": _("New paper")}
        return self.entry_page(request, version, form, title[kinds[0]])

    def entry(self, request, pk, place):
        """Change an entry."""
        version = self.version_of(request, pk)
        definition = Definition(version.definition)
        entry = definition.entry(place)
        if entry is None:
            raise Http404
        type_ = request.GET.get("type") or entry.data.get("type", "")
        inside = isinstance(entry, Field) and entry.is_inside_entries
        holder = place.rpartition(".")[0]
        form = self.entry_form(request, version, outline.kind_of(entry), entry.data, holder, type_, inside)
        if request.method == "POST" and form.is_valid():
            changed = outline.put(version.definition, place, form.entry())
            part = request.POST.get("part", "")
            there = f"{holder}.{form.cleaned_data['key']}" if holder else form.cleaned_data["key"]
            if isinstance(entry, Task) and part and part != holder and definition.entry(part) is not None:
                changed, there = outline.carried(changed, there, part), f"{part}.{form.cleaned_data['key']}"
            what = _("Changed: %(entry)s") % {"entry": entry.data.get("label_en") or entry.key}
            if not self.refused(request, form, version, changed, what):
                return redirect(f"{reverse(HOME, args=[pk])}#{there}")
        parts = [(part.path, part.label) for part in definition.parts] if isinstance(entry, Task) else []
        return self.entry_page(
            request, version, form, entry.label or entry.key, parts=parts, holder=holder,
            types=type_choices(inside) if isinstance(entry, Field) else [], type_=type_,
        )  # fmt: skip

    def entry_form(self, request, version, kind: str, data: dict, holder: str, type_: str, inside: bool):
        options = {
            "data_of": data, "taken": {entry["key"] for entry in outline.children(version.definition, holder)},
            "initial": {"version": version.version},
        }  # fmt: skip
        given = request.POST if request.method == "POST" else None
        match kind:
            case "part":
                return PartForm(given, **options)
            case "task":
                return TaskForm(given, **options)
            case "paper":
                return PaperForm(given, **options)
        if type_ not in TYPES:
            raise Http404
        return QuestionForm(given, type_=type_, inside=inside, **options)

    def refused(self, request, form, version, changed: dict, what: str) -> bool:
        """Try to keep a change; put what speaks against it on the form."""
        faults = self.write(request, version, changed, what, form.cleaned_data["version"])
        for sentence in faults:
            form.add_error(None, sentence)
        return bool(faults)

    def entry_page(self, request, version, form, title: str, **more):
        status = 422 if form.is_bound and form.errors else 200
        kind = str(TYPES[form.type]) if isinstance(form, QuestionForm) else ""
        return self.page(request, "entry", version, title, status, form=form, kind=kind, **more)

    def arrange(self, request, pk):
        """Move an entry up or down among its siblings, or take it out."""
        version = self.version_of(request, pk)
        place, act = request.POST.get("place", ""), request.POST.get("act", "")
        entry = Definition(version.definition).entry(place)
        if request.method != "POST" or entry is None or act not in {"up", "down", "remove"}:
            raise Http404
        words_of = {"entry": entry.data.get("label_en") or entry.key}
        if act == "remove":
            changed, what = outline.removed(version.definition, place), _("Taken out: %(entry)s") % words_of
        else:
            changed = outline.moved(version.definition, place, -1 if act == "up" else 1)
            what = _("Moved: %(entry)s") % words_of
        lock = request.POST.get("version", "")
        for sentence in self.write(request, version, changed, what, int(lock) if lock.isdecimal() else 0):
            messages.error(request, sentence)
        return redirect(f"{reverse(HOME, args=[pk])}#{place if act != 'remove' else place.rpartition('.')[0]}")

    # --- Conditions -------------------------------------------------------------------------------------------------
    def conditions(self, request, pk, place, which):
        """Show the conditions of an entry in words; add one, take one out, choose whether all or any must hold."""
        version = self.version_of(request, pk)
        definition = Definition(version.definition)
        entry, name = definition.entry(place), WHICH.get(which, "")
        if entry is None or not name or isinstance(entry, Part) or (which == "needed" and not isinstance(entry, Paper)):
            raise Http404
        before = definition.vocabulary_before(entry)
        fact = before.get(request.GET.get("fact", ""))
        given = request.POST if request.method == "POST" and "op" in request.POST else None
        form = CriterionForm(fact, given, initial={"version": version.version}) if fact else None
        join, nodes = parts_of(entry.data.get(name))
        faults: list[str] = []
        if request.method == "POST":
            if form is not None and not form.is_valid():
                return self.condition_page(request, version, entry, which, before, form, [], 422)
            if form is not None:
                nodes = [*nodes, form.criterion()]
            gone = request.POST.get("remove", "")
            if gone.isdecimal() and int(gone) < len(nodes):
                nodes = [node for at, node in enumerate(nodes) if at != int(gone)]
            join = request.POST.get("join") if request.POST.get("join") in {"all", "any"} else join
            lock = request.POST.get("version", "")
            changed = outline.put(version.definition, place, with_rule(entry.data, name, join, nodes))
            what = _("Condition changed: %(entry)s") % {"entry": entry.data.get("label_en") or entry.key}
            faults = self.write(request, version, changed, what, int(lock) if lock.isdecimal() else 0)
            if not faults:
                return redirect("admin:intake_formversion_conditions", pk, place, which)
        return self.condition_page(request, version, entry, which, before, form, faults, 422 if faults else 200)

    def condition_page(self, request, version, entry: Entry, which, before, form, faults: list[str], status: int):
        join, nodes = parts_of(entry.data.get(WHICH[which]))
        said = [sentence(entry, node) for node in nodes]
        groups: dict[str, list] = {}
        for fact in before.values():
            task = entry.form.task(fact.who.partition(".")[0])
            groups.setdefault(task.label if task else _("Known from the profile"), []).append(fact)
        title = _("When is “%(entry)s” asked for?") if which == "when" else _("When is “%(entry)s” needed?")
        return self.page(
            request, "conditions", version, title % {"entry": entry.label or entry.key}, status, entry=entry,
            which=which, join=join, said=said, groups=list(groups.items()), form=form, faults=faults,
        )  # fmt: skip

    # --- Versions ---------------------------------------------------------------------------------------------------
    def compare(self, request, pk):
        """Lay two versions of a form side by side."""
        version = self.version_of(request, pk, writing=False)
        others = list(version.form.versions.exclude(pk=pk).order_by("-number"))
        wanted = request.GET.get("with", "")
        earlier = [each for each in others if each.number < version.number and each.state != DISCARDED]
        other = next((each for each in others if str(each.pk) == wanted), next(iter(earlier or others), None))
        rows = []
        if other is not None:
            old, new = sorted((other, version), key=lambda each: each.number)
            rows = compare(Definition(old.definition), Definition(new.definition))
        whole = "whole" in request.GET
        return self.page(
            request, "compare", version, _("Two versions side by side"), others=others, other=other,
            pair=(old, new) if other else None, counts=tally(rows) if rows else None, whole=whole,
            rows=[row for row in rows if whole or not row.is_same],
        )  # fmt: skip

    def export(self, request, pk):
        """Hand the version out as data, for another park or a safe place."""
        version = self.version_of(request, pk, writing=False)
        body = json.dumps(version.definition, ensure_ascii=False, indent=2)
        answer = HttpResponse(body, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{version.form.slug}-{version.number}.json"'
        return answer

    def take_in(self, request, pk):
        """Take a form that is data into a draft, in place of what it holds."""
        version, faults = self.version_of(request, pk), []
        if request.method == "POST":
            definition, faults = read_upload(request.FILES.get("file"))
            lock = request.POST.get("version", "")
            faults = faults or self.write(
                request, version, definition, _("Taken in from a file"), int(lock) if lock.isdecimal() else 0
            )
            if not faults:
                return redirect(HOME, pk)
        return self.page(request, "import", version, _("Take in a form as data"), 422 if faults else 200, faults=faults)


def read_upload(upload) -> tuple[dict, list[str]]:
    """Return a form out of a file, and what speaks against it."""
    if upload is None or upload.size > 2_000_000:
        return {}, [_("Choose a file of up to 2 MB.")]
    try:
        text = upload.read().decode("utf-8")
        definition = json.loads(text, parse_constant=no_number)
        if "\\u0000" in text:
            raise ValueError
        return definition, [fault.message for fault in faults_of(definition) if fault.code == "shape"]
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or what no database keeps
        return {}, [_("This file is no JSON.")]


def no_number(word: str):
    """Refuse NaN and Infinity, which Python reads and nobody else."""
    raise ValueError(word)


def may_write(user, version: FormVersion) -> bool:
    return version.state == DRAFT and user.has_perm(access.WRITE_FORMS)


# --- Rules as the editor writes them: some criteria of which all, or any, must hold -----------------------------------
def parts_of(rule: dict | None) -> tuple[str, list[dict]]:
    """Return whether all or any must hold, and the conditions; a rule of another shape is one condition."""
    rule = {key: value for key, value in (rule or {}).items() if key != "version"}
    if not rule:
        return "all", []
    for join in ("all", "any"):
        if isinstance(rule.get(join), list):
            return join, list(rule[join])
    return "all", [rule]


def with_rule(entry: dict, name: str, join: str, nodes: list[dict]) -> dict:
    """Return an entry with a rule of these conditions, or without one."""
    changed = {key: value for key, value in entry.items() if key != name}
    if nodes:
        changed[name] = {"version": 1, join: nodes}
        if name == "required_when":
            changed.pop("required", None)
    return changed


def sentence(entry: Entry, node: dict) -> str:
    """Return one condition in words."""
    try:
        return words.sentence(entry.form.rule({"version": 1, "all": [node]}).root)
    except RuleError as refusal:
        return str(refusal)


# --- The outline ------------------------------------------------------------------------------------------------------
def outline_of(version: FormVersion, user) -> dict:
    """Return what stands above the history of a version: every entry in its order, and what is wrong."""
    faults = faults_of(version.definition)
    page = {"version": version, "faults": faults, "can_write": may_write(user, version)}
    if any(fault.code == "shape" for fault in faults):
        return page | {"rows": []}
    definition = Definition(version.definition)
    return page | {"rows": [row_of(entry, definition, faults) for entry in definition.entries]}


def row_of(entry: Entry, definition: Definition, faults: list[Fault]) -> dict:
    """Return one line of the outline."""
    holds, tells = outline.can_hold(definition, entry.path), []
    if isinstance(entry, Field):
        tells.append(str(TYPES.get(entry.type, entry.type)))
        if not entry.is_repeated and not entry.required:
            tells.append(_("may be left open"))
    if isinstance(entry, Paper):
        tells.append(_("needed of everybody") if entry.data.get("required") else _("not needed of everybody"))
    rules = [
        (which, label, rule_in_words(definition, entry.data.get(name)))
        for which, name, label in (("when", "when", _("Asked if")), ("needed", "required_when", _("Needed if")))
        if not isinstance(entry, Part) and (name == "when" or isinstance(entry, Paper))
    ]
    return {
        "path": entry.path, "kind": outline.kind_of(entry), "depth": entry.path.count("."), "label": entry.label,
        "key": entry.key, "tells": tells, "rules": rules, "holds": holds[0] if holds else "",
        "faults": [fault.message for fault in faults if fault.path == entry.path],
    }  # fmt: skip
