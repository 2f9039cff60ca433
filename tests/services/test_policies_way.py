"""The way of a policy through the staff area, by people with their duties and nothing more: capture to release."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from services.interpretation.actions import mark_of
from services.interpretation.models import Coordination
from services.policies.models import PolicyVersion, Preview, Release
from services.policies.states import State
from tests.factories.accounts import make_staff
from tests.factories.files import pdf_bytes
from tests.factories.interpretation import make_involvement
from tests.factories.policies import cases_for

pytestmark = pytest.mark.django_db


def page(name: str, pk: int) -> str:
    return reverse(f"admin:policies_policyversion_{name}", args=[pk])


def test_a_policy_goes_from_its_document_to_whom_it_fits_through_the_pages(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    author, second, manager = make_staff("policy-officer"), make_staff("policy-officer"), make_staff("park-manager")

    client.force_login(author)
    answer = client.post(
        reverse("admin:policies_policy_add"),
        {
            "slug": "new-grant", "level": "municipal", "region": "CN-JL-CC", "kind": "subsidy",
            "applicant": "enterprise", "issuing_body_en": "City", "issuing_body_zh_hans": "市", "confidence": "high",
            "source_document": "Notice 9", "title_en": "New grant", "title_zh_hans": "新资助",
            "summary_zh_hans": "一次性资助。",
            "source_file": SimpleUploadedFile("notice.pdf", pdf_bytes("Notice"), "application/pdf"),
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    version = PolicyVersion.objects.select_related("policy", "source_file").get(policy__slug="new-grant")
    assert version.source_file.owner == author
    assert answer.url == page("change", version.pk)

    client.post(page("act_send", version.pk), {"version": version.version})
    version.refresh_from_db()
    assert version.state == State.DRAFT  # plain words, contact, benefits and days are missing

    given = {
        "title_en": "New grant", "title_zh_hans": "新资助", "summary_en": "", "summary_zh_hans": "一次性资助。",
        "rule": '{"version": 1, "all": [{"fact": "enterprise.headcount", "op": "gte", "value": 3}]}',
        "benefits": '[{"en": "CNY 10,000", "zh": "1万元", "type": "cash"}]', "documents": "[]", "steps": "[]",
        "compiler_status": "in_force", "contact_zh_hans": "政策服务岗", "is_standing": "on",
        "read_version": version.version,
        "workflow-transitionlog-content_type-object_id-TOTAL_FORMS": 0,
        "workflow-transitionlog-content_type-object_id-INITIAL_FORMS": 0,
        "golden_cases-TOTAL_FORMS": 0, "golden_cases-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = client.post(page("change", version.pk), given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    version = PolicyVersion.objects.select_related("policy").get(pk=version.pk)
    cases = cases_for(version)
    given |= {"golden_cases-TOTAL_FORMS": len(cases), "read_version": version.version}
    for place, case in enumerate(cases):
        given |= {f"golden_cases-{place}-{name}": case[name] for name in ("name_en", "name_zh_hans", "expected")}
        given |= {f"golden_cases-{place}-facts": str(case["facts"]).replace("'", '"')}
    client.post(page("change", version.pk), given)
    client.post(
        reverse("admin:interpretation_article_of", args=[version.pk]),
        {
            "read": mark_of(version), "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0,
            "form-0-heading_zh_hans": "适用对象",
            "form-0-plain_zh_hans": "职工三人以上的企业。",
        },
    )  # fmt: skip
    part = make_involvement(version.policy)
    version.refresh_from_db()
    answer = client.post(page("act_send", version.pk), {"version": version.version}, follow=True)
    version.refresh_from_db()
    assert version.state == State.IN_REVIEW, answer.content.decode()[-3000:]

    asked = Coordination.objects.get(policy_version=version, department=part.department)
    client.post(
        reverse("admin:interpretation_coordination_act_answer", args=[asked.pk]),
        {"version": asked.version, "note": "同意。", "opinion": "agrees", "answered_by": "李处长"},
    )
    client.force_login(second)
    assert "<p>1万元 · CNY 10,000 <i>Money</i> <b></b></p>" in client.get(page("change", version.pk)).content.decode()
    version.refresh_from_db()
    client.post(page("act_approve", version.pk), {"version": version.version})

    client.force_login(manager)
    client.post(page("reach", version.pk))
    version.refresh_from_db()
    seen = Preview.objects.get(version=version, by=manager)
    client.post(page("reach", version.pk), {"release": seen.pk, "read": version.version})

    version.refresh_from_db()
    assert version.state == State.RELEASED
    assert Release.objects.get(version=version).by == manager
    assert client.get(reverse("interpretation:handbook", args=["new-grant"])).status_code == 200
