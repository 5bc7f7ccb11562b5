from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='look',
            name='purpose',
            field=models.CharField(choices=[('contact', '办理单位联系评价人'), ('callback', '督导回访'), ('survey', '满意度抽访'), ('message', '发送告知短信'), ('subject_request', '评价人本人查询'), ('inquiry', '依法调查')], max_length=20, verbose_name='目的'),
        ),
    ]
