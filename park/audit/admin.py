"""Reading the audit. Nothing here can be written."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from .history import history_of
from .models import AuditLine, ReadLog


class KeptHistory:
    """For the ``ModelAdmin`` of an audited model: its history page shows what the database kept, whoever changed it."""

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(record)s") % {"record": record},
            "entries": history_of(record),
            "opts": self.model._meta,
            "original": record,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "audit/history.html", context)


class OnlyRead:
    """A list that nobody adds to, changes or deletes from by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ReadLog)
class ReadLogAdmin(OnlyRead, ModelAdmin):
    list_display = ("at", "reader", "about", "what", "reason")
    list_filter = ("what",)
    list_select_related = ("reader", "about")
    search_fields = ("reader__email", "about__email", "reason")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")


@admin.register(AuditLine)
class AuditLineAdmin(OnlyRead, ModelAdmin):
    list_display = ("seq", "at", "event_table", "event_id", "digest")
    list_filter = ("event_table",)
    ordering = ("-seq",)
    show_full_result_count = False
