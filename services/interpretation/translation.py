from modeltranslation.translator import TranslationOptions, register

from .models import Article, Department, Question


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("heading", "plain")


@register(Department)
class DepartmentTranslation(TranslationOptions):
    fields = ("name",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("public_question", "public_answer")
