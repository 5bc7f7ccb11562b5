import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0002_monthly_partitions'),
        ('rectification', '0003_overall_target'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Column, index and constraint of the parent table go to every month's table.
    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='entered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='evaluation',
            name='target',
            field=models.CharField(choices=[('service', '办件'), ('guide', '办事指南'), ('person', '窗口人员'), ('window', '窗口'), ('hall', '大厅'), ('platform', '平台网站'), ('hotline', '热线'), ('topic', '改革专题'), ('overall', '政务服务总体')], max_length=12, verbose_name='评价对象'),
        ),
        migrations.AddIndex(
            model_name='evaluation',
            index=models.Index(condition=models.Q(('entered_by__isnull', False)), fields=['entered_by', '-received_at'], name='evaluation_entered'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'check'), ('source', 'portal'), _negated=True), ('entered_by__isnull', False), _connector='OR'), name='a_check_names_its_checker'),
        ),
    ]
