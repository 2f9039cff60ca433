"""The staff area's look: the portal's own colours and marks, and the sidebar in the order of a working day."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def in_language(name: str, code: str) -> str:
    """Return the label of one of the two fields that hold a text in both languages."""
    return (gettext("%(name)s (English)") if code == "en" else gettext("%(name)s (Chinese)")) % {"name": name}


BOARD, MEASURED, TAKE_UP = map(reverse_lazy, ("admin:journey_board", "admin:interpretation_measured",
                                              "admin:claims_claim_takeup"))  # fmt: skip
OWN_PAGES = (BOARD, MEASURED, TAKE_UP)


def page(title, icon: str, model: str, permission: str) -> dict:
    """Return a sidebar entry for a model's list, shown to those who may see it."""
    app, name = model.split(".")
    link = reverse_lazy(f"admin:{app}_{name}_changelist")

    def active(request) -> bool:
        """Tell whether this entry is where the reader is; a page with an entry of its own is not also its list."""
        return request.path.startswith(str(link)) and request.path not in {str(each) for each in OWN_PAGES}

    return {
        "title": title,
        "icon": icon,
        "link": link,
        "permission": lambda request: request.user.has_perm(permission),
        "active": active,
    }


UNFOLD = {
    "SITE_TITLE": "Parasol",
    "SITE_HEADER": "Parasol",
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("brand/mark.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("brand/mark.svg")},
    ],
    "STYLES": [lambda request: static("css/admin.css")],
    "SITE_LOGO": {
        "light": lambda request: static("brand/wordmark-en.svg"),
        "dark": lambda request: static("brand/wordmark-en-on-deep.svg"),
    },
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "BORDER_RADIUS": "8px",
    "DASHBOARD_CALLBACK": "services.desk.admin_home.dashboard",
    "COLORS": {
        "base": {  # stone; 500 and 600 a step darker than the portal's, so that small words are read on every ground
            "50": "#F3F7F8", "100": "#ECF0F1", "200": "#DFE5E6", "300": "#CCD4D5", "400": "#A2ABAC", "500": "#5B6769",
            "600": "#404D4F", "700": "#324041", "800": "#233132", "900": "#0E191B", "950": "#071011",
        },
        "primary": {
            "50": "#EEF8F9", "100": "#D9F0F2", "200": "#B3DFE3", "300": "#83C8CE", "400": "#53ABB3", "500": "#2E8A92",
            "600": "#1D7076", "700": "#13565B", "800": "#0A3E42", "900": "#052C2F", "950": "#041B1D",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("Cases"),
                "items": [
                    page(_("Applications"), "description", "intake.application", "intake.view_application"),
                    page(_("Flags"), "flag", "casework.flag", "casework.view_flag"),
                    page(_("Promises"), "timer", "workflow.clock", "workflow.view_clock"),
                    page(_("Absences"), "event_busy", "casework.absence", "casework.view_absence"),
                    page(_("Service requests"), "handshake", "intermediaries.servicerequest",
                         "intermediaries.view_servicerequest"),
                    page(_("Claims"), "payments", "claims.claim", "claims.view_claim"),
                ],
            },
            {
                "title": _("People and companies"),
                "items": [
                    page(_("Talents"), "school", "profiles.talent", "profiles.view_talent"),
                    page(_("Enterprises"), "apartment", "registry.enterprise", "registry.view_enterprise"),
                    page(_("Tenants"), "stairs", "journey.tenant", "journey.view_tenant"),
                    {
                        "title": _("Board of the stages"),
                        "icon": "view_kanban",
                        "link": BOARD,
                        "permission": lambda request: request.user.has_perm("journey.view_tenant"),
                    },
                    page(_("Gates"), "flag", "journey.gate", "journey.view_gate"),
                    page(_("Terms of gates"), "rule", "journey.gateterms", "journey.view_gateterms"),
                    page(_("Problems"), "report", "journey.problem", "journey.view_problem"),
                    page(_("Mentors"), "supervisor_account", "journey.mentorship", "journey.view_mentorship"),
                    page(_("Facts"), "fact_check", "facts.fact", "facts.view_fact"),
                ],
            },
            {
                "title": _("Review"),
                "items": [
                    page(_("Rounds"), "groups", "review.round", "review.view_round"),
                    page(_("Meetings"), "gavel", "review.meeting", "review.view_meeting"),
                    page(_("Files"), "folder_open", "review.roundfile", "review.view_roundfile"),
                    page(_("Reviews"), "rate_review", "review.review", "review.view_review"),
                    page(_("Experts"), "psychology", "review.expert", "review.view_expert"),
                    page(_("Recusals"), "block", "review.recusal", "review.view_recusal"),
                    page(_("Rubrics"), "rule", "review.rubric", "review.view_rubric"),
                ],
            },
            {
                "title": _("Policies"),
                "items": [
                    page(_("Policies"), "gavel", "policies.policy", "policies.view_policy"),
                    {
                        "title": _("From issue to first reading"),
                        "icon": "speed",
                        "link": MEASURED,
                        "permission": lambda request: request.user.has_perm("interpretation.view_article"),
                    },
                    page(_("Departments asked"), "forum", "interpretation.coordination",
                         "interpretation.view_coordination"),
                    page(_("Questions about policies"), "help", "interpretation.question",
                         "interpretation.view_question"),
                    page(_("Departments"), "account_balance", "interpretation.department",
                         "interpretation.view_department"),
                    page(_("Releases"), "campaign", "policies.release", "policies.view_release"),
                    page(_("Terms of claims"), "rule_settings", "claims.terms", "claims.view_terms"),
                    page(_("Budgets"), "account_balance", "claims.budget", "claims.view_budget"),
                    {
                        "title": _("Take-up"),
                        "icon": "monitoring",
                        "link": TAKE_UP,
                        "permission": lambda request: request.user.has_perm("claims.read_takeup"),
                    },
                ],
            },
            {
                "title": _("Services"),
                "items": [
                    page(_("Institutions"), "account_balance", "intermediaries.institution",
                         "intermediaries.view_institution"),
                ],
            },
            {
                "title": _("Content and messages"),
                "items": [
                    page(_("Notices"), "notifications", "notices.notice", "notices.view_notice"),
                    page(_("Deliveries"), "outbox", "notices.delivery", "notices.view_delivery"),
                    page(_("Acts in the outbox"), "history", "notices.outboxact", "notices.view_outboxact"),
                    page(_("Limit of mails"), "speed", "notices.maillimit", "notices.view_maillimit"),
                    page(_("Webhooks"), "webhook", "webhooks.endpoint", "webhooks.view_endpoint"),
                    page(_("Webhook deliveries"), "send_time_extension", "webhooks.sending", "webhooks.view_sending"),
                    page(_("Letters"), "mark_email_read", "letters.letter", "letters.view_letter"),
                    page(_("Letter texts"), "edit_document", "letters.lettertext", "letters.view_lettertext"),
                    page(_("Calls"), "event", "intake.call", "intake.view_call"),
                    page(_("Entry rules"), "door_front", "intake.entryrule", "intake.view_entryrule"),
                    page(_("Form versions"), "list_alt", "intake.formversion", "intake.view_formversion"),
                ],
            },
            {
                "title": _("System"),
                "collapsible": True,
                "items": [
                    page(_("People"), "person", "accounts.user", "accounts.view_user"),
                    page(_("Organisations"), "domain", "organisations.organisation", "organisations.view_organisation"),
                    page(_("API keys"), "key", "api.apikey", "api.view_apikey"),
                    page(_("Working-day calendar"), "calendar_month", "workflow.calendarday",
                         "workflow.view_calendarday"),
                    page(_("Timetable"), "schedule", "django_celery_beat.periodictask",
                         "django_celery_beat.view_periodictask"),
                ],
            },
        ],
    },
}
