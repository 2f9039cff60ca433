"""How Chinese names sound, and how people are put in order: by pinyin, the Chinese name before the passport's.

The tables of pypinyin take a third of a second to read, so they are read when first somebody asks, not at every start.
"""


def syllables(text: str) -> list[str]:
    """Return how Chinese sounds, syllable by syllable (欧阳: ou, yang); words in other scripts stay as they are."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text)


def sort_key(name: str, name_zh: str) -> str:
    """Return what a person is sorted by: 赵铭 and Zhao Ming stand side by side."""
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(name_zh.strip() or name.strip(), style=Style.TONE3)).casefold()[:200]
