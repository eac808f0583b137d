from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Least


class Migration(migrations.Migration):
    """Beside the work that goes on: this table may be large."""

    atomic = False

    dependencies = [
        ('engine', '0009_ladders'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='round',
            index=models.Index(condition=models.Q(('ladder_at__isnull', False)), fields=['ladder_at'], name='round_ladder_due'),
        ),
        AddIndexConcurrently(
            model_name='round',
            index=models.Index(condition=models.Q(('ladder_for__isnull', True), models.Q(('ladder_for', Least(models.F('closes_at'), models.F('closed_at'))), _negated=True), _connector='OR'), fields=['id'], name='round_ladder_unlooked'),
        ),
    ]
