from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from . import limits, post
from .models import Letter


@shared_task
def send_letters() -> None:
    """Send the account e-mails that are due. Safe to run twice, at once and late: a letter is claimed first."""
    post.send_due()


@shared_task
def tidy() -> None:
    """Delete sessions that ended, counters whose hour is over and letters that are a month old."""
    call_command("clearsessions")
    limits.forget_old()
    Letter.objects.filter(created_at__lt=timezone.now() - timedelta(days=30)).delete()
