import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from common.migrating import together


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0030_intake_desk'),
        ('identity', '0002_survey_purpose'),
        ('organizations', '0001_initial'),
        ('rectification', '0004_survey_source'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.CreateModel(
            name='Questionnaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, verbose_name='编码')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('purpose', models.CharField(choices=[('review', '精准评议'), ('survey', '电话抽访')], max_length=10, verbose_name='用途')),
                ('topic', models.CharField(blank=True, choices=[('one_go', '一次办好'), ('one_chain', '一链办理'), ('instant', '秒批秒办'), ('shared_data', '数据同源')], max_length=20, verbose_name='改革专题')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('intro', models.TextField(blank=True, verbose_name='开头的话')),
                ('made_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='启用时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['code', '-version'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('dimension', models.CharField(choices=[('convenience', '办事便利度'), ('online', '网办流畅性'), ('humanity', '服务人性化'), ('other', '其他方面')], max_length=12, verbose_name='方面')),
                ('kind', models.CharField(choices=[('scale', '1 到 5 分'), ('yes_no', '是或否'), ('text', '文字')], max_length=8, verbose_name='回答方式')),
                ('text', models.CharField(max_length=120, verbose_name='问题')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='evaluations.questionnaire')),
            ],
            options={
                'ordering': ['questionnaire', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ReviewWave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='办件日期起')),
                ('last_day', models.DateField(verbose_name='办件日期止')),
                ('most', models.PositiveIntegerField(verbose_name='最多邀请')),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='evaluations.questionnaire')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReviewInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_invitations', to='evaluations.service')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='evaluations.reviewwave')),
            ],
        ),
        migrations.CreateModel(
            name='SampledCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='序号')),
                ('happened_at', models.DateTimeField(verbose_name='办事时间')),
                ('rated_level', models.PositiveSmallIntegerField(blank=True, choices=[(5, '非常满意'), (4, '满意'), (3, '基本满意'), (2, '不满意'), (1, '非常不满意')], null=True, verbose_name='当时评价')),
                ('stage', models.CharField(choices=[('waiting', '待拨打'), ('answered', '已访'), ('refused', '拒访'), ('wrong_number', '号码有误'), ('unreachable', '联系不上')], default='waiting', max_length=12, verbose_name='状态')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已拨')),
                ('next_from', models.DateTimeField(verbose_name='最早再拨')),
                ('taken_until', models.DateTimeField(blank=True, null=True)),
                ('call_reference', models.CharField(blank=True, max_length=60, verbose_name='通话编号')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('consented', models.BooleanField(default=False, verbose_name='同意立案')),
                ('case', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sampled_call', to='rectification.case')),
                ('evaluation', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluations.evaluation')),
                ('evaluator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('item', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.serviceitem')),
                ('service', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluations.service')),
                ('taken_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='CallAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('reached', '接受访问'), ('later', '请改时间再打'), ('no_answer', '未接'), ('refused', '拒绝访问'), ('wrong_number', '号码有误')], max_length=12, verbose_name='结果')),
                ('note', models.TextField(blank=True, verbose_name='备注')),
                ('call_reference', models.CharField(blank=True, max_length=60, verbose_name='通话编号')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('rated_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='evaluations.sampledcall')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AnswerSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('level', models.PositiveSmallIntegerField(choices=[(5, '非常满意'), (4, '满意'), (3, '基本满意'), (2, '不满意'), (1, '非常不满意')], verbose_name='总体满意度')),
                ('evaluation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer_sheet', to='evaluations.evaluation')),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('questionnaire', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='evaluations.questionnaire')),
                ('invitation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='evaluations.reviewinvitation')),
                ('call', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='evaluations.sampledcall')),
            ],
        ),
        migrations.CreateModel(
            name='SamplingPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('basis', models.CharField(choices=[('ratings', '评价过的人(好评差评都抽)'), ('services', '办过事的人(评没评过都抽)')], max_length=10, verbose_name='抽样范围')),
                ('first_day', models.DateField(verbose_name='日期起')),
                ('last_day', models.DateField(verbose_name='日期止')),
                ('size', models.PositiveIntegerField(verbose_name='样本量')),
                ('method', models.CharField(choices=[('random', '简单随机'), ('stratified', '按单位分层')], max_length=10, verbose_name='抽样方法')),
                ('minimum', models.PositiveIntegerField(default=0, verbose_name='每个单位至少')),
                ('seed', models.BigIntegerField(verbose_name='随机种子')),
                ('stage', models.CharField(choices=[('ordered', '待抽取'), ('open', '进行中'), ('closed', '已结束')], default='ordered', max_length=8, verbose_name='状态')),
                ('made_at', models.DateTimeField()),
                ('drawn_at', models.DateTimeField(blank=True, null=True, verbose_name='抽取时间')),
                ('population', models.PositiveIntegerField(default=0, verbose_name='可抽人数')),
                ('drawn', models.PositiveIntegerField(default=0, verbose_name='抽中人数')),
                ('fault', models.CharField(blank=True, max_length=200, verbose_name='没有抽取的原因')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='evaluations.questionnaire')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SampleStratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('population', models.PositiveIntegerField()),
                ('drawn', models.PositiveIntegerField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='strata', to='evaluations.samplingplan')),
            ],
        ),
        migrations.AddField(
            model_name='sampledcall',
            name='plan',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='evaluations.samplingplan'),
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=9, unique=True, verbose_name='编号')),
                ('tracking_hash', models.CharField(editable=False, max_length=64)),
                ('nonce', models.CharField(editable=False, max_length=64, unique=True)),
                ('text', models.TextField(verbose_name='建议')),
                ('dimension', models.CharField(choices=[('convenience', '办事便利度'), ('online', '网办流畅性'), ('humanity', '服务人性化'), ('other', '其他方面')], max_length=12, verbose_name='方面')),
                ('topic', models.CharField(blank=True, choices=[('one_go', '一次办好'), ('one_chain', '一链办理'), ('instant', '秒批秒办'), ('shared_data', '数据同源')], max_length=20, verbose_name='改革专题')),
                ('origin', models.CharField(choices=[('page', '建议页面'), ('rating', '评价之后')], max_length=8, verbose_name='来源')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('region_code', models.CharField(max_length=12, verbose_name='区划代码')),
                ('stage', models.CharField(choices=[('received', '待分办'), ('sorted', '待答复'), ('answered', '已答复'), ('done', '已落实'), ('merged', '已合并'), ('set_aside', '不作为建议办理')], default='received', max_length=10, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='期限')),
                ('due_provisional', models.BooleanField(default=False)),
                ('verdict', models.CharField(blank=True, choices=[('adopted', '采纳'), ('partly', '部分采纳'), ('declined', '未采纳')], max_length=10, verbose_name='采纳情况')),
                ('reasons', models.TextField(blank=True, verbose_name='理由')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('result', models.TextField(blank=True, verbose_name='改了什么')),
                ('changed_on', models.DateField(blank=True, null=True, verbose_name='改变日期')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='落实时间')),
                ('public_text', models.TextField(blank=True, verbose_name='公开的建议')),
                ('public_reasons', models.TextField(blank=True, verbose_name='公开的答复')),
                ('public_result', models.TextField(blank=True, verbose_name='公开的结果')),
                ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                ('version', models.PositiveIntegerField(default=0)),
                ('about_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit', verbose_name='提到的单位')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.evaluator')),
                ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='evaluations.suggestion')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='organizations.unit', verbose_name='承办单位')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SuggestionEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_kind', models.CharField(choices=[('staff', '工作人员'), ('citizen', '评价人'), ('system', '系统')], max_length=10, verbose_name='行为人类别')),
                ('actor_name', models.CharField(max_length=100, verbose_name='行为人')),
                ('actor_unit', models.CharField(blank=True, max_length=200, verbose_name='单位')),
                ('actor_role', models.CharField(blank=True, max_length=30, verbose_name='角色')),
                ('action', models.CharField(choices=[('submit', '提出建议'), ('sort', '分办'), ('merge', '合并'), ('set_aside', '不作为建议办理'), ('hand_back', '退回分办'), ('answer', '答复建议'), ('record_result', '记录落实结果'), ('publish', '审核公开')], max_length=16, verbose_name='行为')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('from_stage', models.CharField(blank=True, choices=[('received', '待分办'), ('sorted', '待答复'), ('answered', '已答复'), ('done', '已落实'), ('merged', '已合并'), ('set_aside', '不作为建议办理')], max_length=10)),
                ('to_stage', models.CharField(choices=[('received', '待分办'), ('sorted', '待答复'), ('answered', '已答复'), ('done', '已落实'), ('merged', '已合并'), ('set_aside', '不作为建议办理')], max_length=10)),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='evaluations.suggestion')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='evaluations.answersheet')),
                ('question', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='evaluations.question')),
            ],
            options={
                'indexes': [models.Index(fields=['question', 'value'], name='answer_question_value')],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'question'), name='one_answer_to_a_question'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), ('value__isnull', False)), models.Q(('value', None), models.Q(('text', ''), _negated=True)), _connector='OR'), name='answer_is_a_number_or_a_text')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='answer_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c916a86229a86d4a69e4b9b7d5e6b62aafd0f42a', operation='UPDATE', pgid='pgtrigger_answer_no_update_8e362', table='evaluations_answer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='answer_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='efb40c0e340b37deae3a0f03ba76d51fd3138fdf', operation='DELETE', pgid='pgtrigger_answer_no_delete_c8592', table='evaluations_answer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='answer_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='208e5f8134e8a9ba56f2589b6fa0461d1487ca25', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_answer_no_truncate_9d26b', table='evaluations_answer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='questionnaire',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='questionnaire_version_once'),
        ),
        migrations.AddConstraint(
            model_name='questionnaire',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None), ('opened_at__isnull', False)), fields=('code',), name='one_version_of_a_questionnaire_is_open'),
        ),
        migrations.AddConstraint(
            model_name='questionnaire',
            constraint=models.UniqueConstraint(condition=models.Q(('opened_at', None)), fields=('code',), name='one_draft_of_a_questionnaire'),
        ),
        migrations.AddConstraint(
            model_name='questionnaire',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', 'survey'), models.Q(('topic', ''), _negated=True), _connector='OR'), name='a_review_is_about_a_topic'),
        ),
        migrations.AddConstraint(
            model_name='questionnaire',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('opened_at__isnull', False), _connector='OR'), name='what_was_closed_was_open'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='questionnaire',
            trigger=pgtrigger.compiler.Trigger(name='questionnaire_started', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."opened_at" IS NOT NULL)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "code", "version", "purpose", "topic", "title", "intro", "made_at", "made_by_id", "opened_at" rows from % table\', TG_TABLE_NAME;', hash='baf55ba7693db793df6c7b54e2ce861a4e759fed', operation='UPDATE OF "code", "version", "purpose", "topic", "title", "intro", "made_at", "made_by_id", "opened_at"', pgid='pgtrigger_questionnaire_started_bd3fe', table='evaluations_questionnaire', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='questionnaire',
            trigger=pgtrigger.compiler.Trigger(name='questionnaire_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ca87dbd77b35ae1b1ec30842693b796a1c433862', operation='DELETE', pgid='pgtrigger_questionnaire_no_delete_73b83', table='evaluations_questionnaire', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('questionnaire', 'position'), name='question_position_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='question_of_started', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (\n    SELECT FROM evaluations_questionnaire\n    WHERE opened_at IS NOT NULL AND id IN (OLD.questionnaire_id, NEW.questionnaire_id)\n) THEN\n    RAISE EXCEPTION 'a questionnaire that was started is not edited: %', TG_OP;\nEND IF;\nRETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n", hash='c767edae87c58a2c07febdeb2c3ac6d366202ef8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_question_of_started_9ac5c', table='evaluations_question', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reviewwave',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='wave_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='reviewwave',
            constraint=models.CheckConstraint(condition=models.Q(('most__gte', 1)), name='wave_asks_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reviewinvitation',
            constraint=models.UniqueConstraint(fields=('wave', 'service'), name='review_invitation_once'),
        ),
        migrations.AddConstraint(
            model_name='callattempt',
            constraint=models.CheckConstraint(condition=models.Q(('by_unit', models.F('rated_unit')), _negated=True), name='no_unit_surveys_its_own_people'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callattempt',
            trigger=pgtrigger.compiler.Trigger(name='call_attempt_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f341fc695b5441e8f56a08976970df44c2e30071', operation='UPDATE', pgid='pgtrigger_call_attempt_no_update_d5875', table='evaluations_callattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callattempt',
            trigger=pgtrigger.compiler.Trigger(name='call_attempt_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c50d91b26708f3bda098aa9592f081e08380e7e3', operation='DELETE', pgid='pgtrigger_call_attempt_no_delete_4cfd5', table='evaluations_callattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callattempt',
            trigger=pgtrigger.compiler.Trigger(name='call_attempt_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='0e5c017682ec2bc7c73f7276192b7ab2e45faadb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_call_attempt_no_truncate_f8bb8', table='evaluations_callattempt', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='answersheet',
            index=models.Index(fields=['questionnaire', 'unit'], name='sheet_questionnaire_unit'),
        ),
        migrations.AddConstraint(
            model_name='answersheet',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='sheet_level'),
        ),
        migrations.AddConstraint(
            model_name='answersheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('call__isnull', False), ('evaluation', None), ('invitation', None)), models.Q(('call', None), ('evaluation__isnull', False)), _connector='OR'), name='sheet_is_of_a_page_or_of_a_call'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answersheet',
            trigger=pgtrigger.compiler.Trigger(name='sheet_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ec98443171d27d9afa143adf5c08da926f4ae706', operation='UPDATE', pgid='pgtrigger_sheet_no_update_ce7b6', table='evaluations_answersheet', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answersheet',
            trigger=pgtrigger.compiler.Trigger(name='sheet_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c1f93203ddd64fa36b93d20f5e924b2b19a8e815', operation='DELETE', pgid='pgtrigger_sheet_no_delete_1c7e7', table='evaluations_answersheet', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answersheet',
            trigger=pgtrigger.compiler.Trigger(name='sheet_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='3cb5a8de593c5150e304aa8bb244e6270ef130be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_sheet_no_truncate_8ae96', table='evaluations_answersheet', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='samplingplan',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='plan_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='samplingplan',
            constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='plan_draws_somebody'),
        ),
        migrations.AddConstraint(
            model_name='samplingplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('drawn_at__isnull', False), ('stage', 'open')), models.Q(('stage', 'open'), _negated=True), _connector='OR'), name='an_open_plan_was_drawn'),
        ),
        migrations.AddConstraint(
            model_name='samplingplan',
            constraint=models.CheckConstraint(condition=models.Q(('drawn__lte', models.F('population'))), name='nobody_is_drawn_twice'),
        ),
        migrations.AddConstraint(
            model_name='samplestratum',
            constraint=models.UniqueConstraint(fields=('plan', 'unit'), name='stratum_once'),
        ),
        migrations.AddConstraint(
            model_name='samplestratum',
            constraint=models.CheckConstraint(condition=models.Q(('drawn__lte', models.F('population'))), name='stratum_holds_its_sample'),
        ),
        migrations.AddIndex(
            model_name='sampledcall',
            index=models.Index(condition=models.Q(('stage', 'waiting')), fields=['plan', 'next_from', 'position'], name='call_waiting'),
        ),
        migrations.AddIndex(
            model_name='sampledcall',
            index=models.Index(condition=models.Q(('stage', 'waiting'), ('taken_by__isnull', False)), fields=['taken_by'], name='call_taken'),
        ),
        migrations.AddConstraint(
            model_name='sampledcall',
            constraint=models.UniqueConstraint(fields=('plan', 'position'), name='call_position_once'),
        ),
        migrations.AddConstraint(
            model_name='sampledcall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evaluation__isnull', False), ('service', None)), models.Q(('evaluation', None), ('service__isnull', False)), _connector='OR'), name='call_is_about_a_rating_or_a_service'),
        ),
        migrations.AddConstraint(
            model_name='sampledcall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('stage', 'waiting')), models.Q(models.Q(('stage', 'waiting'), _negated=True), ('finished_at__isnull', False), ('taken_by', None)), _connector='OR'), name='call_that_ended_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='sampledcall',
            constraint=models.CheckConstraint(condition=models.Q(('case', None), ('consented', True), _connector='OR'), name='no_case_without_consent'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(fields=['stage', 'due_at'], name='suggestion_stage_due'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(fields=['unit', 'stage'], name='suggestion_unit_stage'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('stage', 'merged')), models.Q(models.Q(('stage', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='a_merged_suggestion_has_a_main_one'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='no_suggestion_is_its_own_main_one'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['sorted', 'answered', 'done']), _negated=True), ('unit__isnull', False), _connector='OR'), name='a_sorted_one_has_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ('answered', 'done')), _negated=True), models.Q(('answered_at__isnull', False), models.Q(('verdict', ''), _negated=True), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='an_answer_says_what_and_why'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'done'), _negated=True), models.Q(('changed_on__isnull', False), ('done_at__isnull', False), ('verdict__in', ('adopted', 'partly')), models.Q(('result', ''), _negated=True)), _connector='OR'), name='what_was_done_had_been_adopted'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('looked_at', None), ('public_reasons', ''), ('public_result', ''), ('public_text', '')), models.Q(('looked_at__isnull', False), ('looked_by__isnull', False), ('stage__in', ('answered', 'done'))), _connector='OR'), name='nothing_is_public_without_a_look'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestion',
            trigger=pgtrigger.compiler.Trigger(name='suggested_is_suggested', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."tracking_hash" IS DISTINCT FROM (NEW."tracking_hash") OR OLD."nonce" IS DISTINCT FROM (NEW."nonce") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."dimension" IS DISTINCT FROM (NEW."dimension") OR OLD."topic" IS DISTINCT FROM (NEW."topic") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1c125f65c169635f4c7c364bb035e3221fdf1067', operation='UPDATE', pgid='pgtrigger_suggested_is_suggested_07dc0', table='evaluations_suggestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestion',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ed5d7e9315806c4de608563c8f8e9924b5a3867f', operation='DELETE', pgid='pgtrigger_suggestion_no_delete_3436d', table='evaluations_suggestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestion',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='6b093ed5a1f542a764916800186460c63164f4c9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_suggestion_no_truncate_54fb8', table='evaluations_suggestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestionevent',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_event_no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d38014819b6575f5fcbcce3419f78e5aabb39371', operation='UPDATE', pgid='pgtrigger_suggestion_event_no_update_e69f9', table='evaluations_suggestionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestionevent',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_event_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a4cfe7035778aa74a230978f7c2e0bf8e23df7f5', operation='DELETE', pgid='pgtrigger_suggestion_event_no_delete_74c86', table='evaluations_suggestionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestionevent',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_event_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;", hash='0dadf91c85f81de55a600ae357be343b23b7cdf1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_suggestion_event_no_truncate_fbdc5', table='evaluations_suggestionevent', when='BEFORE')),
        ),
    ])
