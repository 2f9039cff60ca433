"""Let titles be compared letter by letter: the last resort of a search that found no word."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]
    operations = [TrigramExtension()]
