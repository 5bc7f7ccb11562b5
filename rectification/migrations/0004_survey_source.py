from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rectification', '0003_overall_target'),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='source',
            field=models.CharField(choices=[('rating', '差评'), ('hotline', '热线'), ('inspection', '督查'), ('survey', '电话抽访')], max_length=12, verbose_name='来源'),
        ),
    ]
