"""What can be done with plain words, departments and questions, and the only place that does it."""

from .asking import answer_question, ask_question, drop, publish, say_clear, take, unpublish
from .coordinating import answer, ask, ask_again, ask_involved, call_off, note_silence
from .writing import carry, reword, write_articles

__all__ = [
    "answer", "answer_question", "ask", "ask_again", "ask_involved", "ask_question", "call_off", "carry", "drop",
    "note_silence", "publish", "reword", "say_clear", "take", "unpublish", "write_articles",
]  # fmt: skip
