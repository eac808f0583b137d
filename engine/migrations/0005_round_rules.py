from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0004_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='quorum_rules',
            field=models.JSONField(blank=True, default=dict, verbose_name='further rules of the quorum'),
        ),
        migrations.AddField(
            model_name='round',
            name='blind',
            field=models.CharField(default='none', max_length=10, verbose_name='who learns whose names'),
        ),
        migrations.AddField(
            model_name='round',
            name='answer_by',
            field=models.DateTimeField(blank=True, null=True, verbose_name='answer wished by'),
        ),
    ]
