"""A translation is shown only when it says all that the original says."""

import pytest

from park.runtime.management.commands.check_translations import check

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""


@pytest.fixture
def faults(tmp_path):
    """Return the faults that are found in a Chinese catalogue with one entry."""
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)

    def found(entry: str) -> list[str]:
        catalogue = folder / "django.po"
        catalogue.write_text(HEADER + entry + "\n")
        return [fault for _line, fault in check(catalogue)]

    return found


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "Draft"\nmsgstr "草稿"',
        '#, python-format\nmsgid "Sent by %(who)s on %(day)s"\nmsgstr "%(day)s由%(who)s提交"',
        'msgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s天"',
        'msgid "{n} characters left"\nmsgstr "还可输入{n}字"',
    ],
)
def test_a_translation_that_says_the_same_is_fit_to_be_shown(faults, entry):
    assert faults(entry) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Draft"\nmsgstr ""', "not translated: “Draft”"),
        ('#, fuzzy\nmsgid "Draft"\nmsgstr "起草"', "marked as doubtful: “Draft”"),
        ('msgid "Sent on %(day)s"\nmsgstr "已提交"', "other placeholders than the original: “Sent on %(day)s”"),
        ('msgid "{n} left"\nmsgstr "还有{m}"', "other placeholders than the original: “{n} left”"),
        ('msgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "一天"',
         "other placeholders than the original: “one day”"),
    ],
)  # fmt: skip
def test_a_translation_that_leaves_something_out_is_named(faults, entry, fault):
    assert faults(entry) == [fault]
