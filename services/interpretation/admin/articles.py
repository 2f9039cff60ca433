"""The articles of a version on one page: written while it is a draft, put better at any time."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from park.audit.admin import KeptHistory, OnlyRead
from park.workflow.actions import MoveRefused
from services.policies.models import PolicyVersion
from services.policies.states import State

from .. import access, actions, pace
from ..actions.writing import TEXTS
from ..models import Article

MORE = 2  # empty rows below those of a draft


class ArticleForm(forms.Form):
    """One article. A row without a word in it is left out, so that emptying a row deletes the article."""

    heading_zh_hans = forms.CharField(
        label=_("heading (Chinese)"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )
    heading_en = forms.CharField(
        label=_("heading (English)"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )
    original = forms.CharField(
        label=_("original wording"), max_length=20000, required=False,
        widget=UnfoldAdminTextareaWidget, help_text=_("Word for word, or empty."),
    )  # fmt: skip
    plain_zh_hans = forms.CharField(
        label=_("plain words (Chinese)"), max_length=20000, required=False, widget=UnfoldAdminTextareaWidget
    )
    plain_en = forms.CharField(
        label=_("plain words (English)"), max_length=20000, required=False, widget=UnfoldAdminTextareaWidget
    )

    FIXED = ("heading_zh_hans", "heading_en", "original")

    def __init__(self, *args, sent: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.FIXED if sent else ():
            self.fields[name].disabled = True

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in TEXTS)


@admin.register(Article)
class ArticleAdmin(OnlyRead, KeptHistory, ModelAdmin):
    list_display = ("heading", "number", "of_version", "has_original")
    list_filter = ("version__state", "version__policy__kind")
    list_filter_submit = True
    list_select_related = ("version",)
    search_fields = ("heading_en", "heading_zh_hans", "version__title_en", "version__title_zh_hans")
    ordering = ("-version__created_at", "version", "number")
    fields = readonly_fields = (
        "version", "number", "heading_zh_hans", "heading_en", "original", "plain_zh_hans", "plain_en",
    )  # fmt: skip

    def get_urls(self):
        view = self.admin_site.admin_view(self.version_view)
        measured = self.admin_site.admin_view(self.measured_view)
        return [
            path("of/<int:pk>/", view, name="interpretation_article_of"),
            path("measured/", measured, name="interpretation_measured"),
            *super().get_urls(),
        ]

    def measured_view(self, request):
        """Show how long policies take from issue to release to first reading, and how clear they are."""
        if not self.has_view_permission(request):
            raise PermissionDenied(gettext("Only people with the duty for it may open this page."))
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "title": gettext("From issue to first reading"),
            **pace.shown(request.GET.get("page"), late=request.GET.get("late") == "1"),
        }  # fmt: skip
        return render(request, "interpretation/admin_measured.html", page)

    def version_view(self, request, pk):
        """Show the articles of a version as rows, and write what an officer changed."""
        version = PolicyVersion.objects.select_related("policy").filter(pk=pk).first()
        if version is None:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied(gettext("Only people with the duty for it may open this page."))
        may_write, sent = access.may_write(request.user), version.state != State.DRAFT
        if "sent" in request.POST:  # as the page was read: a draft that was sent meanwhile is refused with all its rows
            sent = request.POST["sent"] == "1"
        articles = list(version.articles.all())
        made = forms.formset_factory(ArticleForm, extra=0 if sent else MORE, max_num=60, absolute_max=60)
        formset = made(
            request.POST if request.method == "POST" and may_write else None,
            initial=[{name: getattr(each, name) for name in TEXTS} for each in articles],
            form_kwargs={"sent": sent},
        )
        status = 200
        if formset.is_bound and formset.is_valid():
            try:
                self._write(request, version, articles, formset, sent)
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
                status = refusal.status
            else:
                messages.success(request, gettext("The articles are written."))
                return redirect("admin:interpretation_article_of", pk)
        elif formset.is_bound:
            status = 422
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "title": gettext("Articles in plain words"), "version": version, "formset": formset,
            "may_write": may_write, "sent": sent,
            "read": request.POST.get("read", "") if formset.is_bound else actions.mark_of(version),
            "case": reverse("admin:policies_policyversion_change", args=[pk]),
            "public": reverse("interpretation:text", args=[version.policy.slug]),
        }  # fmt: skip
        return render(request, "interpretation/admin_articles.html", page, status=status)

    def _write(self, request, version, articles, formset, sent: bool) -> None:
        read = request.POST.get("read", "")
        if not sent:
            rows = [form.cleaned_data for form in formset if not form.is_blank]
            actions.write_articles(version=version, articles=rows, by=request.user, read=read)
            return
        words = {
            article.pk: (form.cleaned_data["plain_en"], form.cleaned_data["plain_zh_hans"])
            for article, form in zip(articles, formset, strict=False)
            if form.has_changed()
        }
        actions.reword_all(version=version, words=words, by=request.user, read=read)

    @display(description=_("policy version"))
    def of_version(self, article):
        return str(article.version)

    @display(description=_("quoted"), boolean=True)
    def has_original(self, article):
        return bool(article.original)
