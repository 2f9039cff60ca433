"""The staff's desk for plain words: articles, departments and what they are asked, questions."""

from .articles import ArticleAdmin
from .departments import CoordinationAdmin, DepartmentAdmin
from .questions import QuestionAdmin

__all__ = ["ArticleAdmin", "CoordinationAdmin", "DepartmentAdmin", "QuestionAdmin"]
