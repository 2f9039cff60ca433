"""Which duty holds which rights: the groups of park staff, least rights each. Rights are ``app_label.codename``."""

from django.utils.translation import gettext_lazy as _

READ_PEOPLE = [
    "profiles.view_talent", "registry.view_enterprise", "journey.view_tenant", "journey.view_stageenrolment",
    "facts.view_fact",
]
CASEWORK = [
    "casework.view_flag", "casework.add_flag", "casework.view_absence", "casework.add_absence", "workflow.view_clock",
]
READ_REVIEW = [
    "review.view_round", "review.view_roundfile", "review.view_rubric", "review.view_expert", "review.view_recusal",
    "review.view_readingcopy", "review.view_review", "review.view_plan", "review.view_meeting",
    "review.view_agendaitem",
]
RUN_REVIEW = [
    *READ_REVIEW, "review.add_round", "review.change_round", "review.manage_round", "review.add_expert",
    "review.add_meeting", "review.change_meeting",
    "review.change_expert", "review.add_rubric", "review.change_rubric", "review.read_results",
]
READ_POLICIES = [
    "policies.view_policy", "policies.view_policyversion", "policies.view_release", "policies.view_verdict",
]
READ_CLAIMS = ["claims.view_claim", "claims.view_terms", "claims.view_budget"]
READ_READINGS = [
    "interpretation.view_article", "interpretation.view_coordination", "interpretation.view_question",
    "interpretation.view_department", "interpretation.view_involvement",
]
WRITE_READINGS = [
    *READ_READINGS, "interpretation.add_coordination", "interpretation.add_department",
    "interpretation.change_department", "interpretation.add_involvement", "interpretation.change_involvement",
    "interpretation.delete_involvement",
]
READ_GATES = ["journey.view_gate", "journey.view_gateterms", "journey.view_stagelimit"]
PROBLEMS = ["journey.view_problem", "journey.handle_problem"]

DUTIES = {
    "intake-officer": {
        "label": _("Intake officer"),
        "rights": [
            *READ_PEOPLE, *CASEWORK,
            "intake.view_application", "intake.screen_application", "intake.decide_application",
            "intake.view_call", "intake.view_formversion", "intake.view_entryrule",
            "intake.change_formversion", "intake.add_entryrule", "intake.change_entryrule", "files.view_document",
            "workflow.view_calendarday", "letters.view_letter", "letters.view_lettertext", "letters.add_lettertext",
            "letters.change_lettertext",
            *RUN_REVIEW,
            *READ_GATES, *PROBLEMS, "journey.check_gate", "journey.view_mentorship", "journey.add_mentorship",
        ],
    },
    "panel-chair": {
        "label": _("Chair of the expert panel"),
        "rights": [
            *READ_PEOPLE, *READ_REVIEW, "intake.view_application", "intake.propose_decision", "files.view_document",
            "review.chair_round", "review.read_results",
        ],
    },
    "policy-officer": {
        "label": _("Policy officer"),
        "rights": [
            *READ_PEOPLE, *READ_POLICIES, *WRITE_READINGS,
            "policies.add_policy", "policies.change_policy", "policies.add_policyversion",
            "policies.change_policyversion", "policies.review_policy", "notices.view_notice", "notices.view_delivery",
            "notices.change_delivery", "notices.view_outboxact", "notices.view_maillimit",
            *READ_CLAIMS, "claims.verify_claim", "claims.approve_claim", "claims.add_terms", "claims.change_terms",
            "claims.approve_terms", "claims.read_takeup", "files.view_document",
        ],
    },
    "services-officer": {
        "label": _("Intermediary-service officer"),
        "rights": [
            *READ_PEOPLE, *CASEWORK,
            "intermediaries.view_institution", "intermediaries.add_institution", "intermediaries.change_institution",
            "intermediaries.view_servicerequest", "intermediaries.triage_servicerequest",
            *PROBLEMS, "journey.hear_gate",
        ],
    },
    "park-manager": {
        "label": _("Park manager"),
        "rights": [
            *READ_PEOPLE, *READ_POLICIES, *READ_READINGS, *CASEWORK, "casework.change_absence",
            *READ_CLAIMS, "claims.approve_claim", "claims.approve_terms", "claims.read_takeup",
            "intake.view_entryrule", "intake.add_entryrule", "intake.change_entryrule", "intake.publish_entryrule",
            *READ_REVIEW, "review.read_results", "review.publish_rubric",
            "policies.release_policy", "policies.review_policy", "intake.view_application", "intake.decide_application",
            "intake.view_call", "intake.add_call", "intake.change_call", "intake.view_formversion",
            "intake.change_formversion", "intake.publish_formversion",
            "journey.change_tenant", "registry.add_enterprise", "registry.change_enterprise", "facts.add_fact",
            "intermediaries.view_institution",
            "intermediaries.view_servicerequest", "notices.view_notice", "notices.view_delivery",
            "notices.view_outboxact", "notices.view_maillimit", "notices.change_maillimit",
            "webhooks.view_endpoint", "webhooks.change_endpoint", "webhooks.view_sending", "webhooks.change_sending",
            "workflow.view_calendarday", "workflow.add_calendarday", "workflow.change_calendarday",
            "workflow.delete_calendarday", "notices.change_delivery",
            "letters.view_letter", "letters.withdraw_letter", "letters.view_lettertext", "letters.add_lettertext",
            "letters.change_lettertext", "letters.publish_lettertext",
            "workflow.delete_calendarday", "workflow.view_clock", "notices.change_delivery",
            *READ_GATES, *PROBLEMS, "journey.check_gate", "journey.change_gateterms", "journey.add_stagelimit",
            "journey.change_stagelimit", "journey.view_mentorship", "journey.add_mentorship",
        ],
    },
    "finance-officer": {
        "label": _("Finance officer"),
        "rights": [
            *READ_PEOPLE, *READ_POLICIES, *READ_CLAIMS, "claims.pay_claim", "claims.add_budget", "claims.change_budget",
            "claims.read_takeup", "journey.hear_gate",
        ],
    },
    "window-officer": {"label": _("One-window officer"), "rights": [*READ_PEOPLE, *PROBLEMS, "journey.hear_gate"]},
    "leadership": {
        "label": _("Leadership"),
        "rights": [
            "journey.view_tenant", "journey.view_stageenrolment", *READ_GATES, *READ_POLICIES,
            "intermediaries.view_institution",
        ],
    },
}
