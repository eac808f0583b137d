from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the work that goes on: this table is large."""

    atomic = False

    dependencies = [
        ('partners', '0006_notifications_are_found'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['notification'], name='delivery_given_up'),
        ),
    ]
