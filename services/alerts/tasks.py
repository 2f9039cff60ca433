"""Thin hands: each asks a question that finds nothing the second time."""

from celery import shared_task

from . import feeding, looking, reminding


@shared_task
def look() -> None:
    """Ask the saved searches again and tell their owners what is new. What a failed run left is found by the next."""
    looking.look()
    looking.tell_of_hits()


@shared_task
def remind() -> None:
    """Remind of policies that close in fourteen, seven or two days."""
    reminding.remind()


@shared_task
def feed_webhooks() -> None:
    """Tell webhooks of released policies and new verdicts."""
    feeding.feed()
