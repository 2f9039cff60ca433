"""What can be done with plain words, departments and questions, and the only place that does it."""

from .asking import answer_question, ask_question, drop, publish, say_clear, take, unpublish
from .coordinating import answer, ask, ask_again, ask_involved, call_off, note_silence
from .writing import carry, mark_of, reword, reword_all, write_articles

__all__ = [
    "answer", "answer_question", "ask", "ask_again", "ask_involved", "ask_question", "call_off", "carry", "drop",
    "mark_of", "note_silence", "publish", "reword", "reword_all", "say_clear", "take", "unpublish", "write_articles",
]  # fmt: skip
