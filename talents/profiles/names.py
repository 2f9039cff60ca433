"""How people are put in order: by pinyin, the Chinese name before the one in the passport."""

def sort_key(name: str, name_zh: str) -> str:
    """Return what a person is sorted by: 赵铭 and Zhao Ming stand side by side."""
    from pypinyin import Style, lazy_pinyin  # its tables take a third of a second to read

    return " ".join(lazy_pinyin(name_zh.strip() or name.strip(), style=Style.TONE3)).casefold()[:200]
