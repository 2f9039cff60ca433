"""Every main page, as whoever reads it, in both languages, wide and narrow, light and dark, is sound.

Sound: axe finds nothing serious, nothing is wider than a phone, the browser complains of nothing, there is one h1 and
a title, and on a Chinese page no English sentence.

Each page is shown in one language, the next page in the other, by turns wide and narrow, and in both themes; in its
other language it is read without being drawn, which takes a quarter of the time and shows what language can break.
"""

import re
from collections.abc import Iterator
from itertools import cycle, product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from services.interpretation import links
from services.interpretation.models import Coordination
from tests.browser.pages import ACCEPTED, ASKED, ASKER, CLERK, EXPERT, IN_REVIEW, OWNER, PAGES, REJECTED, SCHOLAR, Shown
from tests.walk.person import Person
from tests.walk.portal import Portal

pytestmark = pytest.mark.browser
WIDTHS = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
# Who reads the staff area in Chinese: their language is theirs for good, so nobody who walks the portal meanwhile.
IN_CHINESE = {
    "intake@park.example": "admin@park.example", "manager@park.example": "manager2@park.example",
    "policy@park.example": "admin@park.example", "finance@park.example": "admin@park.example",
    "services@park.example": "admin@park.example",
}  # fmt: skip
KNOWN_OF_THE_THEME = {"moderate", "minor"}  # landmarks of the staff area's theme; everything else is ours
READ = """(source) => {
  const read = source ? new DOMParser().parseFromString(source, 'text/html') : document;
  const walker = read.createTreeWalker(read.body, NodeFilter.SHOW_TEXT);
  const english = new Set();
  while (walker.nextNode()) {
    const node = walker.currentNode, around = node.parentElement;
    if (around.closest('script, style, code, pre, option, noscript, [lang]:not(html)')) continue;
    const said = node.textContent.match(/[A-Za-z][a-z]+(?:[ ,]+[A-Za-z][a-z’']*){3,}/);
    if (said) english.add(said[0]);
  }
  return {title: read.title, headings: read.querySelectorAll('h1').length, english: [...english]};
}"""


class Readers:
    """People who are signed in once and turn many pages."""

    def __init__(self, browser: Browser, portal: Portal):
        self.browser, self.portal, self.known = browser, portal, {}

    def __call__(self, by: str, language: str, *, staff: bool) -> Person:
        if staff and language != "en":
            by = IN_CHINESE.get(by, by)
        key = (by, language if staff else "")
        if key not in self.known:
            reader = self.known[key] = Person(self.browser, self.portal, "en")
            if by:
                reader.sign_in(by)
            if staff:
                reader.language = language
                reader.speak()
        reader = self.known[key]
        reader.language = language
        reader.complaints.clear()
        return reader

    def places(self) -> dict[str, str]:
        """Find the addresses that only this park knows, as their readers find them: by following links."""

        def follow(by: str, path: str, pattern: str) -> str:
            reader = self(by, "en", staff=path.startswith("/admin/"))
            reader.go(path)
            return re.search(pattern, reader.page.content())[1]

        def home(by: str) -> str:
            reader = self(by, "en", staff=False)
            reader.go("/me/")
            return reader.where.split("/")[2]

        def review(state: str) -> str:
            ref = self.portal.ask(
                "SELECT r.ref FROM review_review r JOIN review_roundfile f ON f.id = r.file_id"
                " JOIN review_round o ON o.id = f.round_id JOIN review_expert e ON e.id = r.expert_id"
                " JOIN accounts_user u ON u.id = e.user_id"
                " WHERE u.email = %s AND r.state = %s AND o.state = 'scoring' ORDER BY r.id LIMIT 1", EXPERT, state,
            )  # fmt: skip
            return f"/review/{ref}/"

        def meeting(state: str) -> str:
            wanted = "SELECT ref FROM review_meeting WHERE state = %s ORDER BY id LIMIT 1"
            return f"/review/meetings/{self.portal.ask(wanted, state)}/"

        def question() -> str:
            """Sign the link that a department has in its mail, with the key of the tests, which is the portal's too."""
            pk, version = self.portal.ask(
                "SELECT array[c.id, c.version] FROM interpretation_coordination c"
                " JOIN policies_policyversion v ON v.id = c.policy_version_id"
                " WHERE c.state = 'asked' AND v.state IN ('draft', 'in_review') ORDER BY c.id LIMIT 1"
            )
            return links.token_of(Coordination(pk=pk, version=version))

        application, sent = r'href="(/me/applications/[A-Z][^"/]+/)"', r'href="(/me/applications/LJ-[^"/]+/)"'
        clerk = home(CLERK)
        return {
            "institution": follow("", "/institutions/", r'href="/institutions/(?!ask/)([^"/]+)/"'),
            "draft": follow(SCHOLAR, "/me/applications/", application),
            "asked": follow(ASKED, "/me/applications/", sent),
            "in_review": follow(IN_REVIEW, "/me/applications/", sent),
            "accepted": follow(ACCEPTED, "/me/applications/", sent),
            "rejected": follow(REJECTED, "/me/applications/", sent),
            "tenant": home(OWNER),
            "asker": home(ASKER),
            "request": follow(OWNER, f"/c/{home(OWNER)}/requests/", r'href="(/c/[^"]+/requests/S-[^"]+/)"'),
            "clerk": clerk,
            "offer": follow(CLERK, f"/inst/{clerk}/", r'href="(/inst/[^"]+/requests/S-[^"]+/)"'),
            "case": follow("intake@park.example", "/admin/intake/application/?queue=mine&state=screening",
                           r'/admin/intake/application/(\d+)/change/'),
            "written": self.portal.ask("SELECT min(id) FROM policies_policyversion WHERE state = 'draft'"),
            "release": self.portal.ask("SELECT max(id) FROM policies_release"),
            "claim": self.portal.ask("SELECT min(id) FROM claims_claim WHERE state = 'verifying'"),
            "declaring": review("assigned"),
            "scoring": review("open"),
            "scored": review("sent"),
            "question": question(),
            "meeting": meeting("open"),
            "signed": meeting("signed"),
            "to_sign": meeting("closed"),
            "round": str(self.portal.ask("SELECT id FROM review_round WHERE state = 'panel' ORDER BY id LIMIT 1")),
            "version": follow("manager@park.example", "/admin/policies/policyversion/?state=approved",
                              r'/admin/policies/policyversion/(\d+)/change/'),
        }  # fmt: skip


@pytest.fixture(scope="module")
def readers(browser, portal) -> Iterator[Readers]:
    readers = Readers(browser, portal)
    yield readers
    for reader in readers.known.values():
        reader.leave()


@pytest.fixture(scope="module")
def places(readers) -> dict[str, str]:
    return readers.places()


@pytest.fixture(scope="module")
def typed(portal) -> str:
    """Everything that people of the park wrote themselves: it stands in the language they wrote it in."""
    return portal.ask("""
        SELECT concat_ws(' ', (SELECT string_agg(title, ' ') FROM intake_application),
            (SELECT string_agg(answers::text, ' ') FROM intake_revision),
            (SELECT string_agg(answers::text, ' ') FROM intake_application),
            (SELECT string_agg(text, ' ') FROM intake_inforequest),
            (SELECT string_agg(note, ' ') FROM workflow_transitionlog),
            (SELECT string_agg(note, ' ') FROM claims_claim),
            (SELECT string_agg(absent_because, ' ') FROM claims_paper),
            (SELECT string_agg(concat_ws(' ', text, answer), ' ') FROM interpretation_question),
            (SELECT string_agg(asked, ' ') FROM interpretation_coordination),
            (SELECT string_agg(reason, ' ') FROM intake_paperexcuse),
            (SELECT string_agg(concat_ws(' ', title, text), ' ') FROM journey_problem),
            (SELECT string_agg(texts::text, ' ') FROM review_readingcopy),
            (SELECT string_agg(note, ' ') FROM review_sheet),
            (SELECT string_agg(reason, ' ') FROM review_sheetline),
            (SELECT string_agg(concat_ws(' ', minutes, why, advice), ' ') FROM review_agendaitem),
            (SELECT string_agg(minutes, ' ') FROM review_meeting),
            (SELECT string_agg(text, ' ') FROM intake_condition),
            (SELECT string_agg(text, ' ') FROM journey_mentormeeting),
            (SELECT string_agg(content::text, ' ') FROM letters_letter),
            (SELECT string_agg(text, ' ') FROM intermediaries_servicerequest))
    """)


def spread() -> list:
    """Give each page a language and a width to be shown in, so that all are seen on every kind of page."""
    turns = cycle(product(("en", "zh-hans"), WIDTHS, THEMES))
    return [pytest.param(shown, *next(turns), id=str(shown)) for shown in PAGES]


@pytest.mark.parametrize(("shown", "language", "width", "theme"), spread())
def test_a_page_is_sound(readers, places, typed, shown: Shown, language: str, width: str, theme: str):
    language = shown.only or language
    reader = readers(shown.by, language, staff=shown.staff)
    page = reader.page
    page.set_viewport_size(WIDTHS[width])
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")

    answer = page.goto(reader.path(shown.path.format(language=language, **places)))

    assert answer.status == shown.status
    found = [line for line in reader.complaints if shown.status == 200 or "Failed to load resource" not in line]
    found += wrong_words(page.evaluate(READ), shown, language, typed)
    found += [f"axe, {theme}: {what}" for what in violations(page)]
    other_theme = THEMES[theme == "light"]
    page.emulate_media(color_scheme=other_theme, reduced_motion="reduce")
    found += [f"axe, {other_theme}: {what}" for what in violations(page, runOnly=["color-contrast"])]
    page.set_viewport_size(WIDTHS["narrow"])
    if (wider := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"{wider} px wider than a phone")
    if not shown.only:
        found += in_the_other_language(readers, places, typed, shown, "en" if language == "zh-hans" else "zh-hans")
    assert found == []


def in_the_other_language(readers, places, typed, shown: Shown, language: str) -> list[str]:
    reader = readers(shown.by, language, staff=shown.staff)
    answer = reader.context.request.get(reader.path(shown.path.format(language=language, **places)))
    if answer.status != shown.status:
        return [f"{language}: {answer.status}"]
    return wrong_words(reader.page.evaluate(READ, answer.text()), shown, language, typed)


def wrong_words(read: dict, shown: Shown, language: str, typed: str) -> list[str]:
    """Return what is wrong with the headings and words of a page in a language."""
    found = []
    if read["headings"] != 1:
        found.append(f"{language}: {read['headings']} headings of the first level")
    if not re.search(r"\S – Parasol|\S \| Parasol", read["title"]):
        found.append(f"{language}: title: {read['title']}")
    if language != "en" and not shown.both:
        found += [f"English: {said}" for said in read["english"] if said not in typed]
    return found


def violations(page, **options) -> list[str]:
    checked = Axe().run(page, options={"resultTypes": ["violations"], **options}).response
    return [
        f"{violation['id']} ({violation['impact']}): {violation['nodes'][0]['html'][:200]}"
        for violation in checked["violations"]
        if violation["impact"] not in KNOWN_OF_THE_THEME
    ]


def test_a_department_that_left_something_out_finds_what_it_typed(readers, places):
    reader = readers("", "en", staff=False)
    reader.go(f"/departments/{places['question']}/")

    reader.page.fill("[name=note]", "Ten days are too few.")
    reader.press("Send the answer")

    reader.sees("Choose whether you agree.")
    assert reader.page.input_value("[name=note]") == "Ten days are too few."
