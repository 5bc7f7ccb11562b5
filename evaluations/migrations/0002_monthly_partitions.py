from django.db import migrations

# Owned by the role that migrates, so that the runtime role can have months made without being able to alter tables.
# Rows that came before their month's table stay in the default partition: moving them would mean deleting history.
MAKE_PARTITION = """
CREATE FUNCTION evaluations_make_partition(parent text, month date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
    first timestamptz := date_trunc('month', month)::date::timestamp AT TIME ZONE 'Asia/Shanghai';
    after timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai';
    lowest uuid := (lpad(to_hex((extract(epoch FROM first) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
    above uuid := (lpad(to_hex((extract(epoch FROM after) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
    name text := parent || '_' || to_char(month, 'YYYYMM');
    found boolean;
BEGIN
    IF parent NOT IN ('evaluations_service', 'evaluations_evaluation') THEN
        RAISE EXCEPTION 'not a partitioned table: %', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('evaluations_make_partition'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN 'exists';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE id >= %L AND id < %L)', parent || '_default', lowest, above)
        INTO found;
    IF found THEN
        RETURN 'in default';
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent, lowest, above);
    RETURN 'made';
END $$;
REVOKE ALL ON FUNCTION evaluations_make_partition(text, date) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]

    operations = [
        migrations.RunSQL(MAKE_PARTITION, "DROP FUNCTION evaluations_make_partition(text, date)"),
    ]
