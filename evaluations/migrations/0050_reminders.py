import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0041_over_limits'),
        ('identity', '0002_survey_purpose'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('message_key', models.CharField(max_length=150)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reminder', to='evaluations.service')),
            ],
        ),
    ]
