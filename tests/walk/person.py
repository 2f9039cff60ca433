"""Somebody at a browser of their own, in a language of their own."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from park.runtime.addresses import ROOT
from tests.walk.portal import Portal

QUESTIONS = json.loads((ROOT / "incubation/intake/data/form-1.json").read_text())


class Person:
    """A browser with its own cookies; what its pages complain of is kept in ``complaints``."""

    def __init__(self, browser: Browser, portal: Portal, language: str = "en", **options):
        self.portal, self.language = portal, language
        options.setdefault("viewport", {"width": 1440, "height": 900})
        locale = {"en": "en-GB", "zh-hans": "zh-CN"}[language]
        self.context = browser.new_context(base_url=portal.url, locale=locale, reduced_motion="reduce", **options)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({self.page.url})")

    # --- Words --------------------------------------------------------------------------------------------------------
    def say(self, words: str, *, context: str = "", **values) -> str:
        """Return words of the pages as this person reads them; in Chinese they must have been translated."""
        with translation.override(self.language):
            said = translation.pgettext(context, words) if context else translation.gettext(words)
        assert self.language == "en" or said != words, f"not translated: {words}"
        return said % values if values else said

    def written(self, entry: dict, what: str = "label") -> str:
        """Return a text of the application form, which is data in two languages."""
        return entry[f"{what}_{'en' if self.language == 'en' else 'zh'}"]

    @property
    def main(self):
        return self.page.locator("main")

    def text(self) -> str:
        return self.main.inner_text()

    # --- Ways ---------------------------------------------------------------------------------------------------------
    def path(self, path: str) -> str:
        plain = path.startswith(("/admin/", "/api/"))
        return path if self.language == "en" or plain else f"/zh-hans{path}"

    @property
    def where(self) -> str:
        return urlsplit(self.page.url).path.removeprefix("/zh-hans")

    def go(self, path: str) -> None:
        answer = self.page.goto(self.path(path))
        assert answer.status == 200, f"{path}: {answer.status}"

    def sign_in(self, email: str) -> None:
        self.go("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", self.portal.password)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))

    def press(self, words: str, *, exact: bool = True, **options) -> None:
        self.main.get_by_role("button", name=self.say(words), exact=exact, **options).first.click()

    def follow(self, words: str) -> None:
        self.main.get_by_role("link", name=self.say(words)).first.click()

    def sees(self, words: str) -> None:
        """Expect words of the pages to stand on this page."""
        expect(self.main).to_contain_text(self.say(words))

    def reads(self, text: str) -> None:
        """Expect a text, of whatever origin, to stand on this page."""
        expect(self.main).to_contain_text(text)

    def speak(self) -> None:
        """Let a signed-in person be spoken to, in pages, notices and mails, in the language of this walk."""
        self.go("/me/settings/")
        self.page.select_option("select[name=language]", self.language)
        self.main.locator("form.stack button[type=submit]").click()
        self.sees("Settings")

    def act(self, words: str, **fields: str) -> None:
        """Press one of the acts of a case in the staff area, fill in what it asks, and confirm."""
        self.page.get_by_role("link", name=re.compile(rf"(^|\s){words}$")).first.click()  # the theme's icons are words
        for name, text in fields.items():
            self.page.fill(f"[name={name}]", text)
        self.page.locator("#content-main").get_by_role("button", name=words, exact=True).click()
        expect(self.page.get_by_text(f"Done: {words}.")).to_be_visible()

    def leave(self) -> None:
        self.context.close()


@pytest.fixture
def person(browser, portal):
    """Open a browser for somebody; all are closed at the end."""
    people = []

    def arrive(language="en", **options) -> Person:
        people.append(Person(browser, portal, language, **options))
        return people[-1]

    yield arrive
    for each in people:
        each.leave()
