import django.db.models.deletion
from django.db import migrations, models

from common.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0010_entered_by'),
        ('identity', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_index', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('message_key', models.CharField(max_length=150)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='evaluations.service')),
            ],
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(condition=models.Q(('contact__isnull', False)), fields=['id'], name='service_with_contact'),
        ),
    ])
