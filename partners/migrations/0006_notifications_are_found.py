from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the work that goes on: these tables are large."""

    atomic = False

    dependencies = [
        ('partners', '0005_reach'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('carried_by__isnull', False)), fields=['carried_by'], name='delivery_carried'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('in_app', True)), fields=['person', '-created_at'], name='notification_listed'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('in_app', True), ('read_at', None)), fields=['person'], name='notification_unread'),
        ),
    ]
