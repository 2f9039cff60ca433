"""What of the demo park has been loaded."""

from django.db import models
from django.utils import timezone


class Load(models.Model):
    """One copy of the park, loaded once: copy 0 is the park itself, the others enlarge it for load tests."""

    copy = models.PositiveIntegerField(primary_key=True)
    seed = models.BigIntegerField()
    loaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.copy}"
