"""The walk: from a visitor's first look to a partner's machine, in English and once more in Chinese.

The tests follow each other as the people of the park do; what one leaves (an address, a reference) the next needs.
"""

import re
from secrets import token_hex

import pytest
from playwright.sync_api import expect

from tests.walk.portal import text_of
from tests.walk.scholar import (
    ANSWERS,
    Scholar,
    add_papers,
    answer,
    fill_task,
    sign_in,
    sign_up,
    start_draft,
    tasks,
)

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "zh-hans")


@pytest.fixture(scope="module", params=LANGUAGES)
def walk(request) -> dict:
    """What is known so far on the walk in one language."""
    return {"language": request.param}


def need(walk: dict, name: str):
    if name not in walk:
        pytest.fail(f"The walk did not come so far: no {name}.", pytrace=False)
    return walk[name]


# --- 1. A visitor -----------------------------------------------------------------------------------------------------
def test_a_visitor_finds_the_five_stages(person, walk):
    visitor = person(walk["language"])

    visitor.go("/")
    expect(visitor.page.locator(".hero .path-stage")).to_have_count(5)
    visitor.sees("Which policies fit you?")
    visitor.main.get_by_role("link", name=visitor.say("See what each stage gives and asks")).click()

    expect(visitor.main.get_by_role("heading", level=1)).to_have_text(visitor.say("The five stages"))
    expect(visitor.main.locator(".card-head h2")).to_have_count(5)
    for stage in STAGES:
        visitor.sees(stage)
    visitor.follow("Growth")
    for heading in ("What you bring", "What you get", "What the next gate asks", "What is kept as evidence"):
        visitor.sees(heading)
    assert visitor.complaints == []


STAGES = (
    "Project pre-incubation",
    "Enterprise pre-incubation",
    "Start-up incubation",
    "Growth",
    "Accelerated development",
)


def test_a_visitor_finds_every_policy_and_counts_that_are_true(person, walk):
    visitor = person(walk["language"])

    visitor.go("/policies/")

    expect(visitor.main.locator("#results-heading")).to_have_text(re.compile(r"^66\b"))
    assert total(visitor.page.request, "/policies/") == len(titles(visitor.page.request, "/policies/")) == 66
    told = visitor.main.locator("#filters input").evaluate_all(
        "boxes => boxes.filter(box => box.value).map(box =>"
        " [`${box.name}=${box.value}`, parseInt(box.parentElement.querySelector('.n').textContent)])"
    )
    assert len(told) > 30
    counted = told[:: 3 if visitor.language == "en" else 6]  # the tests of the catalogue ask for each of them
    assert {query: total(visitor.page.request, f"/policies/?{query}") for query, _ in counted} == dict(counted)
    kinds = {query: count for query, count in told if query.startswith("kind=")}
    assert sum(kinds.values()) == 66
    first = next(iter(kinds))
    assert len(titles(visitor.page.request, f"/policies/?{first}")) == kinds[first]
    assert visitor.complaints == []


def total(browser, address: str) -> int:
    return int(re.search(r'id="results-heading"[^>]*>(\d+)', browser.get(address).text())[1])


def titles(browser, address: str) -> list[str]:
    """Return the titles of a list, all its pages together."""
    found, number = [], 1
    while True:
        page = browser.get(f"{address}{'&' if '?' in address else '?'}page={number}").text()
        found += re.findall(r'class="result">.*?<h\d[^>]*><a href="([^"]+)"', page, re.S)
        if len(found) >= total(browser, address):
            return found
        number += 1


@pytest.mark.parametrize(
    ("words", "slug"), [("guarantee loan interest", "startup-guaranteed-loan"), ("高新技术企业", "hnte-recognition")]
)
def test_a_visitor_searches_in_english_and_in_chinese(person, walk, words, slug):
    visitor = person(walk["language"])

    visitor.go("/policies/")
    visitor.page.fill("#q", words)
    expect(visitor.main.locator("#results-heading")).not_to_have_text(re.compile(r"^66\b"))

    expect(visitor.main.locator(f'.result a[href$="/policies/{slug}/"]')).to_have_count(1)
    assert visitor.complaints == []


def test_a_visitor_reads_a_policy_whole(person, walk):
    visitor = person(walk["language"])

    visitor.go("/policies/hnte-recognition/")

    for heading in (
        "Who can apply",
        "In short",
        "What you could get",
        "What to prepare",
        "What happens, step by step",
        "Where this comes from",
    ):
        expect(visitor.main.get_by_role("heading", name=visitor.say(heading))).to_be_visible()
    conditions = visitor.main.locator("section", has=visitor.page.locator("h2").first).first.locator("li")
    assert conditions.count() == 11
    visitor.sees("We read the document itself or an official account of it.")
    visitor.reads("国科发火〔2016〕32号")
    source = visitor.main.get_by_role("link", name=visitor.say("Open the source"))
    assert source.get_attribute("href").startswith("https://")
    assert visitor.complaints == []


def test_a_visitor_checks_without_an_account_and_nothing_is_stored(person, walk):
    visitor = person(walk["language"])

    visitor.go("/check/")
    for name, value in {
        "living": "back_longer",
        "degree": "doctor_abroad",
        "field": "biomedicine",
        "company": "y3",
    }.items():
        visitor.page.select_option(f"[name={name}]", value)
    visitor.press("Check")

    expect(visitor.page.locator("#found")).to_have_text(re.compile(r"\d+"))
    states = set()
    for result in visitor.main.locator("li.result").all():
        result.locator("summary").click()
        states |= {
            words for words in ("Met.", "Not met.", "Not known yet.") if visitor.say(words) in result.inner_text()
        }
    assert states == {"Met.", "Not met.", "Not known yet."}
    assert {cookie["name"] for cookie in visitor.context.cookies()} <= {
        "csrf",
        "timezone",
    }  # the second only says which clock to show
    assert visitor.complaints == []


# --- 2. A scholar applies ---------------------------------------------------------------------------------------------
def test_a_scholar_signs_up_with_a_code_that_comes_by_mail(person, walk, portal):
    language = walk["language"]
    who = Scholar(language, email=f"lin.yu.{token_hex(3)}@optics.example")
    lin = person(language)

    sign_up(lin, who, portal)

    assert lin.where == "/me/"
    assert lin.complaints == []
    walk["scholar"] = who


def test_the_scholar_fills_in_a_profile_with_time_abroad(person, walk):
    who = need(walk, "scholar")
    lin = person(walk["language"])

    sign_in(lin, who)
    lin.go("/me/profile/")
    lin.follow("Add an entry")
    for key, value in {
        "place": "Institute of Optics, Jena",
        "country": "DEU",
        "kind": "work",
        "what": "Postdoc",
        "began_on": (10, 2019),
        "ended_on": (8, 2026),
    }.items():
        answer(lin, key, value)
    lin.press("Save this entry")
    lin.reads("Institute of Optics, Jena")
    for key in ("born_on", "nationality", "degree", "degree_abroad", "sector", "specialty", "returned_on"):
        answer(lin, key, ANSWERS[key])
    lin.press("Save profile")

    lin.sees("Your profile is saved.")
    lin.page.reload()
    expect(lin.page.locator("[name=specialty]")).to_have_value("Flat lenses")
    expect(lin.page.locator("[name=nationality]")).to_have_value("CHN")
    assert lin.complaints == []


def test_the_scholar_saves_a_draft_and_goes_on_at_another_device(person, walk):
    who = need(walk, "scholar")
    at_home, on_the_way = person(walk["language"]), person(walk["language"], viewport={"width": 390, "height": 844})

    sign_in(at_home, who)
    draft = start_draft(at_home)
    at_home.go(f"{draft}idea/")
    answer(at_home, "title", ANSWERS["title"])
    answer(at_home, "product", ANSWERS["product"])
    at_home.press("Save and leave")
    at_home.reads(ANSWERS["title"])

    sign_in(on_the_way, who)
    on_the_way.go("/me/applications/")
    on_the_way.main.get_by_role("link", name=ANSWERS["title"]).click()
    on_the_way.go(f"{draft}idea/")
    expect(on_the_way.page.locator("[name=product]")).to_have_value(ANSWERS["product"])
    assert at_home.complaints == on_the_way.complaints == []
    walk["draft"] = draft


def test_the_scholar_answers_every_question_adds_the_papers_and_sends(person, walk, portal):
    who, draft = need(walk, "scholar"), need(walk, "draft")
    lin = person(walk["language"])

    sign_in(lin, who)
    lin.go(f"{draft}personal/")
    expect(lin.page.locator("[name=name_zh]")).to_have_value(ANSWERS["name_zh"])  # said once, at the profile
    for task in tasks():
        lin.go(f"{draft}{task['key']}/")
        if task.get("kind") == "papers":
            add_papers(lin)
        elif task.get("kind") == "stays":
            lin.reads("Institute of Optics, Jena")
            lin.press("Save and continue")
        else:
            fill_task(lin, task)
    expect(lin.main.get_by_role("heading", level=1)).to_have_text(lin.say("Check your answers"))
    for words in (ANSWERS["title"], ANSWERS["team"], "business-plan.pdf", "degree.pdf", "Institute of Optics, Jena"):
        lin.reads(words)
    lin.page.check("[name=says_true]")
    lin.page.check("[name=agrees_to_storage]")
    lin.press("Send application")

    lin.sees("Your receipt")
    who.ref = re.search(r"LJ-\d{4}-\d{4}", lin.text())[0]
    lin.reads("business-plan.pdf")
    letter = portal.mail(who.email, who.ref)
    assert ANSWERS["title"] in text_of(letter)
    assert lin.complaints == []


def test_the_scholar_follows_where_it_is_who_has_it_since_and_until_when(person, walk):
    who = need(walk, "scholar")
    lin = person(walk["language"])

    sign_in(lin, who)
    lin.go(f"/me/applications/{who.ref}/")

    lin.sees("We have it and look at it next")
    facts = dict(
        zip(
            lin.main.locator(".factgrid dt").all_inner_texts(),
            lin.main.locator(".factgrid dd").all_inner_texts(),
            strict=True,
        )
    )
    assert facts[lin.say("Who has it")] == lin.say("Admissions office")
    assert facts[lin.say("Since")]
    assert len(facts) == 4
    assert all(facts.values())
    with lin.page.expect_response("**/state/") as answer:  # it looks again every minute
        lin.page.evaluate("document.body.dispatchEvent(new CustomEvent('minute'))")
    assert answer.value.status == 200
    assert lin.complaints == []


# --- 3. Two officers --------------------------------------------------------------------------------------------------
def test_an_officer_finds_the_application_takes_it_and_passes_it_on(person, walk, portal):
    who = need(walk, "scholar")
    reader, officer = person(walk["language"]), person()

    officer.sign_in("intake@park.example")
    officer.go("/admin/")
    officer.page.get_by_role("link", name="Unassigned").click()
    officer.page.fill("#searchbar", who.ref)
    officer.page.press("#searchbar", "Enter")
    officer.page.get_by_role("row", name=ANSWERS["name"]).get_by_role("link", name=ANSWERS["title"]).click()
    expect(officer.page.get_by_role("link", name="business-plan.pdf")).to_be_visible()
    officer.act("Take")
    officer.act("Pass on to review", note="Complete. The experts read it now.")

    name = officer_name("Lanting Min", "澜汀敏", walk["language"])
    taken = reader.say("%(officer)s looks after your application · %(ref)s", officer=name, ref=who.ref)
    complete = reader.say("Your application is complete; experts read it now · %(ref)s", ref=who.ref)
    for subject in (taken, complete):
        assert ANSWERS["title"] in text_of(portal.mail(who.email, re.escape(subject)))
    walk["case"] = officer.page.url.removeprefix(portal.url)
    walk["told"] = [taken, complete]
    assert officer.complaints == []


def officer_name(english: str, chinese: str, language: str) -> str:
    return english if language == "en" else chinese


def test_whoever_looked_first_may_not_decide_and_a_second_officer_accepts(person, walk, portal):
    who, case = need(walk, "scholar"), need(walk, "case")
    reader, first, second = person(walk["language"]), person(), person()

    first.sign_in("intake@park.example")
    first.go(case)
    expect(first.page.get_by_text(ANSWERS["title"]).first).to_be_visible()
    assert first.page.locator("a[href$='/accept/']").count() == 0
    second.sign_in("intake2@park.example")
    second.go(case)
    second.act("Accept", note="Welcome. A clear plan and a prototype that works.")

    subject = reader.say("Decision on %(ref)s: accepted", ref=who.ref)
    letter = text_of(portal.mail(who.email, re.escape(subject)))
    assert "Welcome. A clear plan and a prototype that works." in letter
    walk["told"] = [*need(walk, "told"), subject]
    assert first.complaints == second.complaints == []


def test_the_scholar_is_told_everywhere_and_starts_in_stage_one(person, walk):
    who = need(walk, "scholar")
    lin = person(walk["language"])

    sign_in(lin, who)
    lin.go("/me/notifications/")
    for subject in need(walk, "told"):
        lin.reads(subject)
    lin.go(f"/me/applications/{who.ref}/")
    lin.sees("Accepted: your project starts in the park")
    for line in ("You sent the application", "An officer looks after it", "Checked: complete, nothing missing"):
        lin.sees(line)
    lin.follow("Open your workspace")

    expect(lin.page.locator(".path-stage[aria-current=step]")).to_contain_text(lin.say("Project pre-incubation"))
    lin.sees("Your path")
    assert lin.where.startswith("/c/")
    assert lin.complaints == []


# --- 4. A policy is released ------------------------------------------------------------------------------------------
RELEASED = {"en": "tech-sme-evaluation", "zh-hans": "small-low-profit-cit"}  # one for each walk; both fit tenant 5


def test_a_manager_sees_whom_a_policy_reaches_and_releases_it(person, walk):
    slug = RELEASED[walk["language"]]
    owner, manager = person(walk["language"]), person()

    owner.sign_in("tenant5@company.example")
    owner.speak()
    manager.sign_in("manager@park.example")
    manager.go(f"/admin/policies/policy/?q={slug}")
    manager.page.locator("#result_list tbody a").first.click()
    manager.page.get_by_role("link", name="See whom it would reach").click()
    manager.page.get_by_role("button", name="See whom it would reach").click()
    table = manager.page.get_by_role("table", name="By stage", exact=True)
    fits, may_fit, near = [
        sum(int(cell) for cell in table.locator(f"tbody td:nth-child({column})").all_inner_texts())
        for column in (2, 3, 4)
    ]
    for name, count in (("Fit", fits), ("May fit", may_fit), ("One condition away", near)):
        expect(manager.page.get_by_role("link", name=f"{name} ({count})", exact=True)).to_be_visible()
    assert fits > 0
    manager.page.get_by_role("button", name=re.compile(r"Release and tell \d+ people")).click()

    expect(manager.page.get_by_text("Released. The park is judging and telling now")).to_be_visible()
    walk["released"] = slug
    assert manager.complaints == []


def test_a_tenant_is_told_and_reads_why_condition_by_condition(person, walk, portal):
    slug = need(walk, "released")
    owner = person(walk["language"])

    owner.sign_in("tenant5@company.example")
    title = owner.page.request.get(owner.path(f"/policies/{slug}/")).text()
    title = re.search(r"<h1>([^<]+)</h1>", title)[1]
    subject = owner.say("A policy fits you: %(title)s", title=title)
    letter = portal.mail("tenant5@company.example", re.escape(subject))
    assert f"/policies/{slug}/" in text_of(letter)
    owner.go("/me/notifications/")
    owner.main.get_by_role("button", name=subject).first.click()

    assert owner.where == f"/policies/{slug}/"
    owner.sees("This fits you")
    criteria = owner.main.locator(".match .crit").all_inner_texts()
    assert len(criteria) > 2
    for criterion in criteria:
        assert owner.say("Met.") in criterion
        assert re.search(r" — .*\d{4}", criterion), criterion  # the value known, its source and its date
    assert owner.complaints == []


# --- 5. A service is asked for ----------------------------------------------------------------------------------------
def test_a_tenant_asks_for_finance_and_sees_who_fits_and_who_is_left_out(person, walk, portal):
    owner, clerk = person(walk["language"]), person(walk["language"])
    left_out = owner.main.locator("section[aria-labelledby=left-out] > ul > li")

    owner.sign_in("tenant4@company.example")
    owner.speak()
    owner.go("/me/")
    owner.follow("Ask for a service")
    owner.page.select_option("[name=need]", "testing")
    owner.page.fill("[name=text]", "Before the finance: a test report on the wavelength of our lenses.")
    owner.press("Look who fits")
    ended = owner.say("Its licence ended on %(day)s: %(licence)s.", day="§", licence="").partition("§")[0]
    lapsed = organisation_of(portal, "lapsed@inst.example", walk["language"])
    expect(left_out.filter(has_text=lapsed)).to_contain_text(ended)
    owner.page.select_option("[name=need]", "ip_pledge_finance")
    owner.page.fill("[name=text]", "Working capital against two granted patents, for a first series of fifty devices.")
    owner.page.fill("[name=amount]", "3000000")
    owner.press("Look again")

    expect(owner.page.locator("#who-fits")).to_have_text(re.compile(r"[1-9]"))
    panels = owner.main.locator("#ranking .match")
    assert all(panel.locator(".crit").count() for panel in panels.all())
    assert left_out.count() > 0
    assert all(each.locator(".crit.is-no").count() for each in left_out.all())
    members = {
        organisation_of(portal, email, walk["language"]): email
        for email in ("institution1@inst.example", "institution2@inst.example")
    }
    asked, chosen = next((name, panel) for panel in panels.all() for name in members if name in panel.inner_text())
    clerk.sign_in(members[asked])
    clerk.speak()
    owner.main.locator("[name=recipients]:checked").evaluate_all("boxes => boxes.forEach(box => box.click())")
    chosen.locator("[name=recipients]").check()
    owner.press("Send the request")

    owner.sees("Who was asked, and why")
    walk["taker"] = members[asked]
    walk["request"] = owner.where.rstrip("/").rpartition("/")[2]
    walk["asked at"] = owner.where
    portal.mail("tenant4@company.example", re.escape(walk["request"]))
    assert owner.complaints == clerk.complaints == []


def organisation_of(portal, email: str, language: str) -> str:
    """Return the name of the organisation that a demo sign-in acts for."""
    column = "name_en" if language == "en" else "name_zh_hans"
    question = f"""
        SELECT {column} FROM organisations_organisation o
        JOIN organisations_membership m ON m.organisation_id = o.id JOIN accounts_user u ON u.id = m.user_id
        WHERE u.email = %s
    """  # noqa: S608  a column of two
    return portal.ask(question, email)


def test_an_institution_takes_the_request_and_the_tenant_hears_of_it(person, walk, portal):
    email, ref = need(walk, "taker"), need(walk, "request")
    clerk, owner = person(walk["language"]), person(walk["language"])

    clerk.sign_in(email)
    offered = "A request that fits you: %(need)s · %(ref)s"
    subject = clerk.say(offered, need=clerk.say("Finance against intellectual property"), ref=ref)
    portal.mail(email, re.escape(ref))
    clerk.go("/me/notifications/")
    clerk.main.get_by_role("button", name=subject).first.click()
    assert re.fullmatch(rf"/inst/[^/]+/requests/{ref}/", clerk.where)
    clerk.press("Take the request")
    clerk.sees("Who to get in touch with")
    clerk.reads("tenant4@company.example")

    name = organisation_of(portal, email, walk["language"])
    subject = owner.say("%(institution)s takes your request · %(ref)s", institution=name, ref=ref)
    portal.mail("tenant4@company.example", re.escape(subject))
    owner.sign_in("tenant4@company.example")
    owner.go(walk["asked at"])
    owner.sees("It is taken. They get in touch with you within three working days.")
    owner.go("/me/notifications/")
    owner.reads(subject)
    assert clerk.complaints == owner.complaints == []


# --- 6. A partner's machine -------------------------------------------------------------------------------------------
@pytest.fixture
def call(playwright, portal):
    """Ask the partner interface with a key; ``tongue`` is the language asked for."""
    contexts = []

    def ask(address: str, key: str | None = None, tongue: str = "en"):
        headers = {"Accept-Language": tongue} | ({"Authorization": f"Bearer {portal.key(key)}"} if key else {})
        contexts.append(playwright.request.new_context(base_url=portal.url, extra_http_headers=headers))
        return contexts[-1].get(address)

    yield ask
    for context in contexts:
        context.dispose()


def everything(call, address: str, key: str, tongue: str) -> list[dict]:
    """Follow a list from page to page."""
    found = []
    while address:
        page = call(address, key, tongue).json()
        found += page["results"]
        address = page["next"]
    return found


def test_a_partner_reads_policies_companies_and_institutions_page_by_page(call, walk, portal):
    tongue = {"en": "en", "zh-hans": "zh-Hans"}[walk["language"]]

    policies = everything(call, "/api/v1/policies/?page_size=25", "reader", tongue)
    assert len({policy["slug"] for policy in policies}) == len(policies) == 66
    taxes = everything(call, "/api/v1/policies/?kind=tax", "reader", tongue)
    assert taxes == [policy for policy in policies if policy["kind"] == "tax"]
    assert 0 < len(taxes) < 66
    one = call("/api/v1/policies/hnte-recognition/", "reader", tongue).json()
    assert one["title"] == ("High-tech enterprise (HNTE) recognition" if tongue == "en" else "高新技术企业认定")
    institutions = everything(call, "/api/v1/institutions/?page_size=10", "reader", tongue)
    assert len(institutions) == portal.ask("SELECT count(*) FROM intermediaries_institution") == 31
    companies = everything(call, "/api/v1/companies/?page_size=100", "full", tongue)
    assert 0 < len(companies) < 242


@pytest.mark.parametrize(
    ("key", "address", "status"),
    [
        (None, "/api/v1/policies/", 401),
        ("expired", "/api/v1/policies/", 401),
        ("reader", "/api/v1/companies/", 403),
        ("writer", "/api/v1/institutions/", 403),
        ("reader", "/api/v1/policies/no-such-policy/", 404),
        ("reader", "/api/v1/policies/?kind=no-such-kind", 400),
    ],
)
def test_a_partner_reads_what_is_wrong_as_problem_details(call, walk, key, address, status):
    answer = call(address, key)

    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == status
    assert answer.json()["title"]


def test_a_partner_reads_how_the_interface_works(call, person, walk):
    partner = person(walk["language"])

    schema = call("/api/v1/schema/?format=json").json()
    assert schema["openapi"].startswith("3.1")
    assert {"/api/v1/policies/", "/api/v1/institutions/", "/api/v1/companies/"} <= schema["paths"].keys()
    partner.go("/api/")
    expect(partner.main.get_by_role("heading", level=1)).to_be_visible()
    partner.reads("/api/v1/policies/")
    assert partner.complaints == []
