"""The staff's desk: institutions with their licences, and the queue of requests. The same verbs as on the pages."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from incubation.journey.staff import StaffAct, StaffActs, choice
from park.audit.admin import KeptHistory
from park.workflow.actions import MoveRefused
from park.workflow.admin import TransitionInline
from talents.profiles.sectors import Sector

from . import access, actions, matching, needs, reasons
from .kinds import Language
from .models import Institution, Licence, Match, Offer, ServiceRequest, today
from .states import LIVE, MACHINE, State

SOON = 60  # days


class LicenceState(admin.SimpleListFilter):
    """Whose licences hold, end soon, or have ended."""

    title, parameter_name = _("licences"), "licences"

    def lookups(self, request, model_admin):
        return [("ended", _("One has ended")), ("ending", _("One ends within 60 days")), ("none", _("None on record"))]

    def queryset(self, request, queryset):
        day, own = today(), Licence.objects.filter(institution=OuterRef("pk"))
        match self.value():
            case "ended":
                return queryset.filter(Exists(own.filter(expires_on__lt=day)))
            case "ending":
                return queryset.filter(Exists(own.ending_within(day, SOON)))
            case "none":
                return queryset.filter(~Exists(own))
        return queryset


class PartOfTheInstitution:
    """Whoever may change an institution may change its licences and services; whoever may see it sees them."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("intermediaries.view_institution")

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("intermediaries.change_institution")

    has_change_permission = has_delete_permission = has_add_permission


class LicenceInline(PartOfTheInstitution, TabularInline):
    model, extra, tab = Licence, 0, True
    fields = ("code", "name_en", "name_zh_hans", "number", "issued_on", "expires_on")


class OfferInline(PartOfTheInstitution, TabularInline):
    model, extra, tab = Offer, 0, True
    fields = (
        "code", "name_en", "name_zh_hans", "deliverable_en", "deliverable_zh_hans", "licence_code", "price_min",
        "price_max", "unit", "working_days", "stages",
    )  # fmt: skip


class InstitutionForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("languages"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(
        label=_("fields"),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Empty means every field."),
    )

    class Meta:
        model = Institution
        fields = [
            "organisation", "type", "credit_code", "group", "key_partner", "listed", "languages", "sectors",
            "monthly_capacity", "contact_email", "contact_phone", "note",
        ]  # fmt: skip


@admin.register(Institution)
class InstitutionAdmin(ModelAdmin):
    form = InstitutionForm
    list_display = ("organisation", "type", "licence_state", "key_partner", "monthly_capacity", "listed")
    list_filter = (LicenceState, "type", "key_partner", "listed")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name_en", "organisation__name_zh_hans", "credit_code")
    autocomplete_fields = ("organisation",)
    inlines = (LicenceInline, OfferInline)
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("licences").order_by("organisation__name", "pk")

    def has_delete_permission(self, request, obj=None):
        return False  # an institution that serves no more is taken off the list; its requests stay

    @display(
        description=_("licences"), label={"ended": "danger", "ending": "warning", "valid": "success", "none": "default"}
    )
    def licence_state(self, institution):
        day = today()
        ends = [licence.expires_on for licence in institution.licences.all() if licence.expires_on]
        if any(end < day for end in ends):
            return "ended", _("ended")
        if any((end - day).days <= SOON for end in ends):
            return "ending", _("ends soon")
        return ("valid", _("valid")) if institution.licences.all() else ("none", _("none"))


class MatchInline(TabularInline):
    """Who was asked and who was left out, with the reasons. Written by the verbs alone."""

    model, extra, tab, can_delete = Match, 0, True, False
    verbose_name_plural = _("institutions")
    fields = readonly_fields = ("rank", "institution", "offer", "score", "reply", "told_at", "replied_at", "why")
    ordering = ("rank", "pk")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("institution__organisation", "offer")

    def has_view_permission(self, request, obj=None):
        return True  # whoever may see the request

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_add_permission

    @admin.display(description=_("why"))
    def why(self, match):
        said = reasons.against(match.reasons) or [each["evidence"] for each in reasons.for_it(match.reasons)]
        if match.decline_code:
            said = [f"{match.get_decline_code_display()} {match.decline_reason}".strip()]
        return format_html_join("", "<div>{}</div>", ((sentence,) for sentence in said))


class Waiting(admin.SimpleListFilter):
    """The queue of the morning: what waits for an officer, what waits for others."""

    title, parameter_name = _("waiting for"), "waiting"

    def lookups(self, request, model_admin):
        return [
            ("us", _("an officer")), ("them", _("an institution")), ("tenant", _("the tenant")), ("live", _("anybody")),
        ]  # fmt: skip

    def queryset(self, request, queryset):
        states = {
            "us": [State.OPEN],
            "them": [State.MATCHED, State.TAKEN, State.IN_SERVICE],
            "tenant": [State.DELIVERED],
            "live": LIVE,
        }
        return queryset.filter(state__in=states[self.value()]) if self.value() in states else queryset


def whom_to_ask(found: ServiceRequest, user) -> dict[str, forms.Field]:
    """Return the fields of the act "match": what is needed, and who is asked, best first."""
    need = needs.find(found.need)
    ranking = matching.rank(matching.wish_of(found, need))
    asked = set(found.matches.told().values_list("institution", flat=True))
    fitting = [each for each in ranking.fitting if each.institution.pk not in asked]
    return {
        "need": choice(_("What is needed"), needs.choices, initial=found.need),
        "recipients": forms.TypedMultipleChoiceField(
            label=_("Who is asked"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
            choices=[(each.institution.pk, f"{each.institution} · {each.score}") for each in fitting],
            initial=[each.institution.pk for each in fitting[: matching.ASKED_AT_ONCE]],
            help_text=_("Up to three. Choose nobody, or another need, and the best are asked."),
        ),
    }  # fmt: skip


def match_as_chosen(*, request: ServiceRequest, by, need: str, recipients: list[int], version: int):
    """Match as the form says: whom it lists belongs to the need it was made for."""
    chosen = recipients if recipients and need == request.need else None
    return actions.triage(request=request, by=by, need=need, recipients=chosen, version=version)


class HistoryInline(TransitionInline):
    machine, tab = MACHINE, True


@admin.register(ServiceRequest)
class ServiceRequestAdmin(StaffActs, KeptHistory, ModelAdmin):
    machine, may = MACHINE, access.may_make
    acts = (
        StaffAct("match", match_as_chosen, "request", "handshake", extra=whom_to_ask),
        StaffAct("answer", actions.answer, "request", "reply", fields=("note",), required=("note",)),
        StaffAct("cancel", actions.cancel, "request", "undo", fields=("note",), required=("note",)),
    )
    list_display = ("ref", "need_words", "tenant", "state_tag", "replied", "created_at")
    list_filter = (Waiting, "state", "need")
    list_select_related = ("tenant__organisation",)
    search_fields = ("ref", "tenant__organisation__name_en", "tenant__organisation__name_zh_hans")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = (
        "ref", "state_tag", "tenant", "asked_by", "need_words", "text", "amount", "wanted_by", "language",
        "share_contact", "outcome", "created_at",
    )  # fmt: skip
    inlines = (MatchInline, HistoryInline)
    actions = ("match_with_institutions",)
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("matches")

    def has_add_permission(self, request):
        return False  # tenants ask

    def has_change_permission(self, request, obj=None):
        return False  # only verbs change it

    def has_delete_permission(self, request, obj=None):
        return False

    def has_triage_permission(self, request):
        return request.user.has_perm(access.TRIAGE)

    @admin.display(description=_("what is needed"), ordering="need")
    def need_words(self, found):
        return needs.label(found.need)

    @display(
        description=_("state"), ordering="state",
        label={
            "open": "warning", "matched": "info", "taken": "success", "in_service": "info", "delivered": "info",
            "closed": "default", "cancelled": "default", "expired": "default",
        },
    )  # fmt: skip
    def state_tag(self, found):
        return found.state, found.get_state_display()

    @admin.display(description=_("replied"))
    def replied(self, found):
        asked = [match for match in found.matches.all() if match.told_at]
        replied = sum(match.reply in {Match.Reply.TAKEN, Match.Reply.DECLINED} for match in asked)
        return _("%(replied)s of %(asked)s") % {"replied": replied, "asked": len(asked)} if asked else "–"

    @admin.action(description=_("Match with institutions"), permissions=["triage"])
    def match_with_institutions(self, request, queryset):
        done = 0
        for found in queryset:
            try:
                actions.triage(request=found, by=request.user)
                done += 1
            except MoveRefused as refusal:
                self.message_user(request, f"{found.ref}: {refusal}", messages.WARNING)
        if done:
            said = ngettext("%(count)s request is matched.", "%(count)s requests are matched.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)
