from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0003_decision_bodies'),
    ]

    operations = [
        migrations.AddField(
            model_name='gathering',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
