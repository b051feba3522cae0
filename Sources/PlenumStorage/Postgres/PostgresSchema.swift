/// What surrounds a migration on PostgreSQL.
enum PostgresSchema {
    /// A lock until the transaction's end, so that of several processes that start at once one migrates; then the schema.
    static let beforeMigration = """
        SELECT pg_advisory_xact_lock(5784104617374);
        CREATE SCHEMA IF NOT EXISTS plenum;

        """

    /// Nobody but the role that Plenum uses sees or changes a row, whatever rights are given away later; Supabase's Data
    /// API works as `anon` and `authenticated`.
    static let afterMigration = """

        ; DO $plenum$
        DECLARE
            name text;
            outsider text;
        BEGIN
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'plenum' LOOP
                EXECUTE format('ALTER TABLE plenum.%I ENABLE ROW LEVEL SECURITY', name);
                EXECUTE format('ALTER TABLE plenum.%I FORCE ROW LEVEL SECURITY', name);
                EXECUTE format('DROP POLICY IF EXISTS plenum_alone ON plenum.%I', name);
                EXECUTE format(
                    'CREATE POLICY plenum_alone ON plenum.%I TO %I USING (true) WITH CHECK (true)', name, current_user);
            END LOOP;
            FOR outsider IN
                SELECT 'PUBLIC' UNION ALL
                SELECT quote_ident(rolname) FROM pg_roles WHERE rolname IN ('anon', 'authenticated')
            LOOP
                EXECUTE format('REVOKE ALL ON SCHEMA plenum FROM %s', outsider);
                EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA plenum FROM %s', outsider);
                EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA plenum FROM %s', outsider);
            END LOOP;
        END
        $plenum$;
        """
}
