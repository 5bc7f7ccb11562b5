from django.db import migrations

# What is public already may stand in a notice as well; from now on `disclosure.actions` passes it on.
PASS_ON = """
INSERT INTO oversight_casetext (case_id, number, item, problem, changed, reply, at)
SELECT kept.case_id, public.number, public.item, public.problem, public.changed, public.reply, public.changed_at
FROM disclosure_publiccase AS public JOIN disclosure_disclosure AS kept USING (number)
WHERE public.shown AND NOT public.hidden AND public.problem || public.changed || public.reply <> ''
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0005_public_figures"),
        ("oversight", "0002_drafted_told_extracted"),
    ]

    operations = [migrations.RunSQL(PASS_ON, migrations.RunSQL.noop)]
