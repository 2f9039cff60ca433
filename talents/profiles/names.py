"""How people are put in order: by pinyin, the Chinese name before the one in the passport."""

from pypinyin import Style, lazy_pinyin


def sort_key(name: str, name_zh: str) -> str:
    """Return what a person is sorted by: 赵铭 and Zhao Ming stand side by side."""
    return " ".join(lazy_pinyin(name_zh.strip() or name.strip(), style=Style.TONE3)).casefold()[:200]
