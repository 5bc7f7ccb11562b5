import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import evaluations.models.rating
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from common.migrating import together


# The tables are remade partitioned before anything refers to them. The default partition takes a row whose month has no
# partition yet: a missing partition never refuses a rating. An id tells its time (uuid, version 7), so the month is a
# range of ids, the primary key is the id alone, and references to a partitioned table are ordinary ones.
PARTITIONED = """
ALTER TABLE {table} RENAME TO {table}_plain;
CREATE TABLE {table} (LIKE {table}_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (id);
DROP TABLE {table}_plain;
ALTER TABLE {table} ADD PRIMARY KEY (id);
CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;
"""
PARTITIONED_BOTH = "".join(PARTITIONED.format(table=f"evaluations_{name}") for name in ("evaluation", "service"))


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('identity', '0001_initial'),
        ('organizations', '0001_initial'),
        ('rectification', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app_id', models.CharField(max_length=40, unique=True, verbose_name='应用标识')),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('method', models.CharField(choices=[('hmac', 'HMAC-SM3 密钥'), ('sm2', 'SM2 公钥'), ('legacy', '省级平台原有信封')], max_length=12, verbose_name='签名方式')),
                ('sealed_key', models.BinaryField()),
                ('scopes', models.JSONField(default=list, verbose_name='权限')),
                ('per_minute', models.PositiveIntegerField(verbose_name='每分钟请求上限')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('created_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField(blank=True, null=True, verbose_name='最近调用')),
            ],
            options={
                'ordering': ['app_id'],
            },
        ),
        migrations.CreateModel(
            name='ServiceKey',
            fields=[
                ('pk', models.CompositePrimaryKey('project_number', 'source', 'service_number', 'assess_number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('project_number', models.CharField(max_length=60)),
                ('source', models.CharField(max_length=20)),
                ('service_number', models.PositiveSmallIntegerField()),
                ('assess_number', models.PositiveSmallIntegerField()),
                ('row', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('profile', models.JSONField(blank=True, default=dict, verbose_name='接口约定')),
                ('feedback_url', models.URLField(blank=True, max_length=300, verbose_name='结果回传地址')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='SubmittedForm',
            fields=[
                ('nonce', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('row', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='代码')),
                ('level', models.PositiveSmallIntegerField(choices=[(5, '非常满意'), (4, '满意'), (3, '基本满意'), (2, '不满意'), (1, '非常不满意')], verbose_name='满意度')),
                ('label', models.CharField(max_length=60, verbose_name='内容')),
                ('core', models.BooleanField(default=False, verbose_name='常用')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('version', models.CharField(max_length=10, verbose_name='版本')),
                ('problem_class', models.CharField(blank=True, max_length=20, verbose_name='问题类别')),
            ],
            options={
                'ordering': ['-level', '-core', 'code'],
            },
        ),
        migrations.CreateModel(
            name='UsedNonce',
            fields=[
                ('key', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='来源系统')),
                ('kind', models.CharField(choices=[('ratings', '评价'), ('services', '办件服务')], max_length=10, verbose_name='内容')),
                ('name', models.CharField(max_length=200, verbose_name='名称')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='来源批次号')),
                ('stage', models.CharField(choices=[('waiting', '等待处理'), ('running', '处理中'), ('paused', '已暂停'), ('done', '已完成'), ('cancelled', '已取消'), ('failed', '整体退回')], default='waiting', max_length=10, verbose_name='状态')),
                ('created_at', models.DateTimeField(verbose_name='提交时间')),
                ('file', models.CharField(blank=True, max_length=200)),
                ('plan', models.JSONField(blank=True, default=dict)),
                ('dry_run', models.BooleanField(default=False, verbose_name='试运行')),
                ('total', models.BigIntegerField(default=0, verbose_name='总行数')),
                ('position', models.BigIntegerField(default=0, verbose_name='已处理')),
                ('negatives_first', models.BigIntegerField(default=0)),
                ('received', models.BigIntegerField(default=0, verbose_name='收到')),
                ('stored', models.BigIntegerField(default=0, verbose_name='入库')),
                ('duplicates', models.BigIntegerField(default=0, verbose_name='重复')),
                ('quarantined', models.BigIntegerField(default=0, verbose_name='待对照')),
                ('held', models.BigIntegerField(default=0, verbose_name='待办件')),
                ('refused', models.BigIntegerField(default=0, verbose_name='退回')),
                ('warned', models.BigIntegerField(default=0, verbose_name='有提示')),
                ('cases', models.BigIntegerField(default=0, verbose_name='差评立案')),
                ('pace', models.FloatField(default=0, verbose_name='每秒行数')),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='开始')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束')),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name='最近错误')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='evaluations.partner')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ChangedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
        ),
        migrations.CreateModel(
            name='CodeMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='来源系统')),
                ('kind', models.CharField(choices=[('unit', '单位编码'), ('item', '事项编码'), ('window', '窗口编码'), ('service', '办件')], max_length=10, verbose_name='类别')),
                ('code', models.CharField(max_length=100, verbose_name='来源编码')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.serviceitem')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('window', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.window')),
            ],
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('rated_at', models.DateTimeField(verbose_name='评价时间')),
                ('received_at', models.DateTimeField(verbose_name='接收时间')),
                ('level', models.PositiveSmallIntegerField(choices=[(5, '非常满意'), (4, '满意'), (3, '基本满意'), (2, '不满意'), (1, '非常不满意')], verbose_name='满意度')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list, size=None)),
                ('text', models.TextField(blank=True, verbose_name='文字评价')),
                ('channel', models.CharField(choices=[('web', '网页'), ('slip', '回执二维码'), ('window_qr', '窗口二维码'), ('sms', '短信'), ('app', '移动应用'), ('kiosk', '评价器'), ('terminal', '自助终端'), ('phone', '电话按键'), ('hotline', '12345热线'), ('box', '意见箱'), ('paper', '书面表'), ('check', '监督查评'), ('social', '综合点评'), ('silent', '系统默认')], max_length=12, verbose_name='渠道')),
                ('origin', models.CharField(choices=[('active', '主动评价'), ('invited', '邀请评价'), ('imported', '外部导入'), ('default', '默认评价'), ('unmatched', '未关联办件'), ('check', '监督查评'), ('social', '综合点评'), ('test', '系统自检')], max_length=10, verbose_name='来源')),
                ('is_default', models.BooleanField(default=False, verbose_name='默认评价')),
                ('target', models.CharField(choices=[('service', '办件'), ('guide', '办事指南'), ('person', '窗口人员'), ('window', '窗口'), ('hall', '大厅'), ('platform', '平台网站'), ('hotline', '热线'), ('topic', '改革专题')], max_length=12, verbose_name='评价对象')),
                ('topic', models.CharField(blank=True, choices=[('one_go', '一次办好'), ('one_chain', '一链办理'), ('instant', '秒批秒办'), ('shared_data', '数据同源')], max_length=20, verbose_name='改革专题')),
                ('source', models.CharField(max_length=20, verbose_name='来源系统')),
                ('project_number', models.CharField(blank=True, max_length=60, verbose_name='办件编号')),
                ('service_number', models.PositiveSmallIntegerField(default=0, verbose_name='服务次数')),
                ('assess_number', models.PositiveSmallIntegerField(default=1, verbose_name='评价次数')),
                ('negative', models.BooleanField(verbose_name='差评')),
                ('consent_version', models.CharField(blank=True, max_length=20)),
                ('batch', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluations.batch')),
                ('case', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='rectification.case')),
                ('evaluator', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('hall', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.hall')),
                ('item', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.serviceitem')),
                ('staff', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('window', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.window')),
            ],
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('test', '测试数据'), ('double', '重复推送'), ('fault', '系统故障产生')], max_length=12, verbose_name='原因')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evaluation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exclusion', to='evaluations.evaluation')),
            ],
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('satisfied', '满意'), ('acceptable', '基本满意'), ('unsatisfied', '不满意')], max_length=12, verbose_name='整改满意度')),
                ('text', models.TextField(blank=True, verbose_name='补充')),
                ('at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up', to='rectification.case')),
            ],
        ),
        migrations.CreateModel(
            name='FollowUpLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up_link', to='rectification.case')),
            ],
        ),
        migrations.CreateModel(
            name='LeftRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.BigIntegerField(verbose_name='行号')),
                ('outcome', models.CharField(choices=[('refused', '退回'), ('quarantined', '待对照'), ('held', '待办件'), ('stored', '已入库,有提示')], max_length=12, verbose_name='结果')),
                ('faults', models.JSONField(default=list, verbose_name='问题')),
                ('sealed', models.BinaryField()),
                ('waits_kind', models.CharField(blank=True, choices=[('unit', '单位编码'), ('item', '事项编码'), ('window', '窗口编码'), ('service', '办件')], max_length=10)),
                ('waits_for', models.CharField(blank=True, max_length=100)),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('row', models.UUIDField(blank=True, null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left', to='evaluations.batch')),
            ],
        ),
        migrations.CreateModel(
            name='Reported',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('said', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reported', to='rectification.case')),
            ],
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=20, verbose_name='来源')),
                ('project_number', models.CharField(max_length=60, verbose_name='办件编号')),
                ('service_number', models.PositiveSmallIntegerField(default=1, verbose_name='服务次数')),
                ('service_name', models.CharField(blank=True, max_length=30, verbose_name='服务环节')),
                ('served_at', models.DateTimeField(verbose_name='服务时间')),
                ('received_at', models.DateTimeField(verbose_name='接收时间')),
                ('applicant_index', models.CharField(blank=True, max_length=64)),
                ('batch', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluations.batch')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.serviceitem')),
                ('staff', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('window', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.window')),
            ],
        ),
        migrations.RunSQL(PARTITIONED_BOTH, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='RatingLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('slip', '回执'), ('sms', '短信')], max_length=8)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='evaluations.service')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekey',
            trigger=pgtrigger.compiler.Trigger(name='service_key_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='60fb0c70e7ea10734ebb64540678a4c8fab68736', operation='UPDATE', pgid='pgtrigger_service_key_no_update_2ee79', table='evaluations_servicekey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekey',
            trigger=pgtrigger.compiler.Trigger(name='service_key_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='de77ab664ce8da25a7c00f40452136dbf8f0467f', operation='DELETE', pgid='pgtrigger_service_key_no_delete_65a51', table='evaluations_servicekey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicekey',
            trigger=pgtrigger.compiler.Trigger(name='service_key_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='3c7d87658d5462474b4a908867d180c9b80088e7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_service_key_no_truncate_53d64', table='evaluations_servicekey', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='partner',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='evaluations.source', verbose_name='来源系统'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submittedform',
            trigger=pgtrigger.compiler.Trigger(name='submitted_form_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d8359d4e9f1bf6de0622055879a272d1ba611575', operation='UPDATE', pgid='pgtrigger_submitted_form_no_update_27ab2', table='evaluations_submittedform', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submittedform',
            trigger=pgtrigger.compiler.Trigger(name='submitted_form_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='04d0a4828c9277f4772a9909382f5c0b08e93b07', operation='DELETE', pgid='pgtrigger_submitted_form_no_delete_72231', table='evaluations_submittedform', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submittedform',
            trigger=pgtrigger.compiler.Trigger(name='submitted_form_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='5f97879445b2a2ad228510c8615492a6ccf26080', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_submitted_form_no_truncate_e95f8', table='evaluations_submittedform', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[1-5]\\d\\d$')), name='tag_code'),
        ),
        migrations.AddConstraint(
            model_name='codemapping',
            constraint=models.UniqueConstraint(fields=('source', 'kind', 'code'), name='mapping_once'),
        ),
        migrations.AddConstraint(
            model_name='codemapping',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('item', None), ('kind', 'unit'), ('unit__isnull', False), ('window', None)), models.Q(('item__isnull', False), ('kind', 'item'), ('unit', None), ('window', None)), models.Q(('item', None), ('kind', 'window'), ('unit', None), ('window__isnull', False)), _connector='OR'), name='mapping_names_its_kind'),
        ),
        migrations.AddIndex(
            model_name='evaluation',
            index=models.Index(fields=['unit', 'id'], name='evaluation_unit_time'),
        ),
        migrations.AddIndex(
            model_name='evaluation',
            index=models.Index(condition=models.Q(('case__isnull', False)), fields=['case'], name='evaluation_case'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='evaluation_level'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('level__gt', 2), ('negative', True), _connector='OR'), name='levels_one_and_two_are_negative'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('negative', False), ('case__isnull', False), _connector='OR'), name='no_negative_without_a_case'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('level__gt', 2), ('case__isnull', False), _connector='OR'), name='level_needs_case'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_default', True), ('origin', 'default')), models.Q(('is_default', False), models.Q(('origin', 'default'), _negated=True)), _connector='OR'), name='silence_is_marked'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=evaluations.models.rating.MadeAt('rated_at'), name='evaluation_id_tells_its_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evaluation',
            trigger=pgtrigger.compiler.Trigger(name='rating_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='421461b703fb5e7b9e1b15df4e113f09b18e2477', operation='UPDATE', pgid='pgtrigger_rating_no_update_43a14', table='evaluations_evaluation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evaluation',
            trigger=pgtrigger.compiler.Trigger(name='rating_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d860610394772d630dbef7ca1a1ff9eb808e7b2b', operation='DELETE', pgid='pgtrigger_rating_no_delete_36a74', table='evaluations_evaluation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evaluation',
            trigger=pgtrigger.compiler.Trigger(name='rating_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='87019ff862ef62fd476256a529260383c04d0a15', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rating_no_truncate_95799', table='evaluations_evaluation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exclusion',
            trigger=pgtrigger.compiler.Trigger(name='exclusion_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f49a19c4d56c1056f87c0bf6e63b20582b8b54d3', operation='UPDATE', pgid='pgtrigger_exclusion_no_update_1fd67', table='evaluations_exclusion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exclusion',
            trigger=pgtrigger.compiler.Trigger(name='exclusion_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fa7bd04e1b22242456d9d3b5ea5c5fdd396eb32e', operation='DELETE', pgid='pgtrigger_exclusion_no_delete_6fe42', table='evaluations_exclusion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exclusion',
            trigger=pgtrigger.compiler.Trigger(name='exclusion_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='81e721011362ba38f4c7321cfe3d72954a91a987', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_exclusion_no_truncate_9d588', table='evaluations_exclusion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='follow_up_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='68d51c7a78519085d9d08b1e22034bacadaea05a', operation='UPDATE', pgid='pgtrigger_follow_up_no_update_5f91e', table='evaluations_followup', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='follow_up_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='44731043285d4e09756af08d2230666db1f682bb', operation='DELETE', pgid='pgtrigger_follow_up_no_delete_12dec', table='evaluations_followup', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='follow_up_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='d393fef4d9189c68732a4ce3f2a803b6c5b8d108', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_follow_up_no_truncate_9d3d4', table='evaluations_followup', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='leftrow',
            index=models.Index(fields=['batch', 'outcome', 'line'], name='left_by_outcome'),
        ),
        migrations.AddIndex(
            model_name='leftrow',
            index=models.Index(condition=models.Q(('settled_at', None), models.Q(('waits_for', ''), _negated=True)), fields=['waits_kind', 'waits_for', 'id'], name='left_waiting'),
        ),
        migrations.AddConstraint(
            model_name='leftrow',
            constraint=models.UniqueConstraint(fields=('batch', 'line'), name='left_row_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leftrow',
            trigger=pgtrigger.compiler.Trigger(name='left_row_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='1cef9afb75b520e7338c40d3bba35880ab8d88ec', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_left_row_no_truncate_976cd', table='evaluations_leftrow', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('stage__in', ['waiting', 'running'])), fields=['id'], name='batch_open'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('received', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('stored'), '+', models.F('duplicates')), '+', models.F('quarantined')), '+', models.F('held')), '+', models.F('refused')))), name='batch_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('source', 'kind', 'reference'), name='batch_reference_once'),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(fields=['unit', 'id'], name='service_unit_time'),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(condition=models.Q(('window__isnull', False)), fields=['window', 'id'], name='service_window_time'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=evaluations.models.rating.MadeAt('served_at'), name='service_id_tells_its_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='service_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='63ad74c1050c8ce4eb47dfc7b2e89d3b34f2d478', operation='UPDATE', pgid='pgtrigger_service_no_update_68cc6', table='evaluations_service', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='service_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2a3e3982045e86060f89af7e8185f3122be1d33d', operation='DELETE', pgid='pgtrigger_service_no_delete_9210b', table='evaluations_service', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='service_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='0e616ea87d60a26e619493d63246dc3c9d9d41c9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_service_no_truncate_a53db', table='evaluations_service', when='BEFORE')),
        ),
    ])
