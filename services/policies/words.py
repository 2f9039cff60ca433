"""Words for the search of policies: Chinese cut into words, English into stems, terms of the park kept whole."""

from functools import cache, reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db.models import FloatField, TextField, Value
from django.db.models.functions import Greatest

TERMS = (
    "海外学人", "留学人员", "海归", "创业园", "专精特新", "小巨人", "单项冠军", "高新技术企业",
    "科技型中小企业", "瞪羚企业", "独角兽企业", "免申即享", "揭榜挂帅", "加计扣除", "概念验证", "长春新区",
    "北湖", "居留许可", "工作许可", "孵化器", "知识产权", "质押融资", "租金补贴", "人才码", "政府特殊津贴",
    "突出贡献", "创新积分", "贷款贴息", "担保贷款", "个人所得税",
)  # fmt: skip
# What people type for it, and what the documents say.
SYNONYMS = {
    "个税": "个人所得税", "海归": "留学人员", "高企": "高新技术企业", "科小": "科技型中小企业", "绿卡": "永久居留",
    "房租": "租金", "补助": "补贴", "免税": "税",
}  # fmt: skip
CONFIG = "english"
LIKE_ENOUGH = 0.3


@cache
def cutter():
    """Return the cutter of Chinese words, made at the first use: its dictionary takes a while to read."""
    import rjieba

    jieba = rjieba.Jieba()
    for term in TERMS:
        jieba.add_word(term, 100_000, "n")
    return jieba


def for_index(text: str) -> str:
    """Return a text as its words, long ones also in their parts, so that PostgreSQL can count them."""
    return " ".join(cutter().cut_for_search(text or ""))


def vector(title: str, body: str) -> SearchVector:
    """Return what is stored of a document: words of its title weigh most."""
    return SearchVector(Value(for_index(title), TextField()), weight="A", config=CONFIG) + SearchVector(
        Value(for_index(body), TextField()), weight="B", config=CONFIG
    )


def asked(text: str) -> list[str]:
    """Return the words of a question; where a word has a synonym, that one."""
    text = text.strip()[:200]
    for word, meant in SYNONYMS.items():
        if word in text:
            text = text.replace(word, meant)
    return [word for word in dict.fromkeys(cutter().cut(text)) if any(letter.isalnum() for letter in word)]


def every_word(text: str) -> SearchQuery:
    """Return the question that finds documents with all of the words."""
    return SearchQuery(" ".join(asked(text)), config=CONFIG, search_type="plain")


def any_word(text: str) -> SearchQuery | None:
    """Return the question that finds documents with one of the words; None where there is no word."""
    words = [SearchQuery(word, config=CONFIG, search_type="plain") for word in asked(text)]
    return reduce(or_, words) if words else None


def likeness(text: str, *titles: str):
    """Return how much the best of the titles is like the question, word for word."""
    parts = [TrigramWordSimilarity(text.strip()[:200], title) for title in titles]
    return Greatest(*parts, output_field=FloatField())
