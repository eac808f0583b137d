from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0008_checkpoint_heads'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='ladder_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='ladder_for',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
