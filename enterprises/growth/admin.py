"""What a company holds and raised, beside the company."""

from unfold.admin import TabularInline

from .models import FinancingRound, IPRight, Recognition


class RecognitionInline(TabularInline):
    model = Recognition
    extra = 0
    tab = True


class IPRightInline(TabularInline):
    model = IPRight
    extra = 0
    tab = True


class FinancingRoundInline(TabularInline):
    model = FinancingRound
    extra = 0
    tab = True
