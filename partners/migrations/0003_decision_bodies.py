import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0002_gatherings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rolegrant',
            name='scope',
            field=models.CharField(blank=True, help_text='Empty for the whole platform, or one policy area as “area:its-key”, or for a decider one decision body as “body:its-key”.', max_length=100, validators=[django.core.validators.RegexValidator('\\A(area:[-\\w]{1,80}|body:[-\\w]{1,55})?\\Z', 'Leave it empty, or write “area:” with the key of an area, or “body:” with that of a decision body.')], verbose_name='scope'),
        ),
    ]
