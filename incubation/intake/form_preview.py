"""A form version as its applicants will see it, tried out by its writers. Nothing is kept but in their session."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import translation

from talents.profiles.models import Talent

from .asking import answer, changed_group
from .filling import posted_text, unbothered
from .models import Application, Call, FormVersion
from .progress import Draft
from .questionnaire import kept, rearranged, typed

LANGUAGES = {"en": "English", "zh-hans": "中文"}


class FormPreview:
    """Adds the preview to the desk of form versions."""

    def get_urls(self):
        pages = {
            "<int:pk>/preview/": self.preview, "<int:pk>/preview/<str:key>/": self.preview_task,
            "<int:pk>/preview/<str:key>/questions/": self.preview_questions,
        }  # fmt: skip
        return [
            path(address, self.admin_site.admin_view(page), name=f"intake_formversion_{page.__name__}")
            for address, page in pages.items()
        ] + super().get_urls()

    def tried(self, request, pk: int) -> tuple[FormVersion, Draft, str]:
        """Return the version, what was typed into it so far, and the language in which it is read."""
        version = get_object_or_404(FormVersion.objects.select_related("form"), pk=pk)
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        language = request.GET.get("language", "")
        if language in LANGUAGES:
            request.session["preview-language"] = language
        language = request.session.get("preview-language") or translation.get_language()
        return version, draft_of(version, request.session.get(f"preview-{pk}", {})), language

    def preview(self, request, pk):
        """Show the task list, as far as the answers so far open it; a POST forgets them."""
        version, draft, language = self.tried(request, pk)
        if request.method == "POST":
            request.session.pop(f"preview-{pk}", None)
            return redirect("admin:intake_formversion_preview", pk)
        with translation.override(language):
            states = {state.task.key: state for state in draft.states}
            parts = [
                {"part": part, "rows": [row_of(pk, states[task.key]) for task in part.tasks if task.key in states]}
                for part in draft.definition.parts
            ]
            return render(request, "intake/editor/preview.html", frame(version, language) | {"parts": parts})

    def preview_task(self, request, pk, key):
        """Show one task with its questions, and judge what is typed as the portal will."""
        version, draft, language = self.tried(request, pk)
        task = next((task for task in draft.tasks if task.key == key), None)
        if task is None:
            raise Http404
        with translation.override(language):
            form, status = draft.form(task), HTTPStatus.OK
            if request.method == "POST" and task.kind == "fields":
                posted_text(request)
                other_entries = rearranged(task, request.POST)
                form = draft.form(task, other_entries or request.POST)
                raw = typed(form, other_entries or request.POST)
                answers = request.session.get(f"preview-{pk}", {}) | {key: kept(raw, version=0, checked=True)}
                request.session[f"preview-{pk}"] = answers
                if other_entries is None and form.is_valid():
                    return redirect("admin:intake_formversion_preview", pk)
                form = unbothered(form) if other_entries else form
                status = HTTPStatus.OK if other_entries else HTTPStatus.UNPROCESSABLE_ENTITY
            again = reverse("admin:intake_formversion_preview_questions", args=[pk, key])
            papers = [{"paper": paper, "is_needed": draft.is_required(paper)} for paper in draft.papers(task)]
            page = {"task": task, "form": form, "rows": form.rows(), "papers": papers, "again": again}
            return render(request, "intake/editor/preview_task.html", frame(version, language) | page, status=status)

    def preview_questions(self, request, pk, key):
        """Answer with what depends on the answers as they stand on the page."""
        _version, draft, language = self.tried(request, pk)
        task = next((task for task in draft.tasks if task.key == key), None)
        if task is None or task.kind != "fields" or request.method != "POST":
            raise Http404
        posted_text(request)
        with translation.override(language):
            form = draft.form(task, rearranged(task, request.POST) or request.POST)
            return answer(request, form, changed_group(request.POST))


def draft_of(version: FormVersion, answers: dict) -> Draft:
    """Return an application of nobody, never stored, with these answers."""
    return Draft(Application(form=version, call=Call(), talent=Talent(), answers=answers))


def row_of(pk: int, state) -> dict:
    return {
        "label": state.task.label, "hint": state.task.hint, "status": state.words, "tone": state.tone,
        "icon": state.icon, "url": reverse("admin:intake_formversion_preview_task", args=[pk, state.task.key]),
    }  # fmt: skip


def frame(version: FormVersion, language: str) -> dict:
    """Return what every page of the preview shows around the form."""
    return {
        "version": version,
        "language": language,
        "languages": [(code, name, code == language) for code, name in LANGUAGES.items()],
        "home": reverse("admin:intake_formversion_change", args=[version.pk]),
        "start": reverse("admin:intake_formversion_preview", args=[version.pk]),
    }
