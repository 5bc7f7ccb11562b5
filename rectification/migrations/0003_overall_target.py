from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rectification', '0002_changed_cases'),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='target',
            field=models.CharField(choices=[('service', '办件'), ('guide', '办事指南'), ('person', '窗口人员'), ('window', '窗口'), ('hall', '大厅'), ('platform', '平台网站'), ('hotline', '热线'), ('topic', '改革专题'), ('overall', '政务服务总体')], max_length=12, verbose_name='评价对象'),
        ),
    ]
