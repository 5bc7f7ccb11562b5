from django.db import migrations

# Owned by the role that migrates, so that the runtime role can have months made without being able to alter tables.
# Rows that came before their month's table stay in the default partition: moving them would mean deleting history.
MAKE_PARTITION = """
CREATE FUNCTION evaluations_make_partition(month date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
    first timestamptz := date_trunc('month', month)::date::timestamp AT TIME ZONE 'Asia/Shanghai';
    after timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai';
    name text := 'evaluations_evaluation_' || to_char(month, 'YYYYMM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('evaluations_make_partition'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN 'exists';
    END IF;
    IF EXISTS (SELECT 1 FROM evaluations_evaluation_default WHERE received_at >= first AND received_at < after) THEN
        RETURN 'in default';
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF evaluations_evaluation FOR VALUES FROM (%L) TO (%L)',
                   name, first, after);
    RETURN 'made';
END $$;
REVOKE ALL ON FUNCTION evaluations_make_partition(date) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]

    operations = [
        migrations.RunSQL(MAKE_PARTITION, "DROP FUNCTION evaluations_make_partition(date)"),
    ]
