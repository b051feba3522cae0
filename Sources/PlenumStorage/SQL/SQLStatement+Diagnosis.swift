extension SQLStatement {
    /// The statements that ask PostgreSQL about itself; they read nothing of what is kept.
    var diagnosisText: String? {
        switch self {
        case .postgresServer:
            """
            SELECT current_setting('server_version'), pg_database_size(current_database()),
            CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),
            CASE WHEN current_setting('default_transaction_read_only') = 'on' OR pg_is_in_recovery() THEN 1 ELSE 0 END,
            (SELECT CASE WHEN ssl THEN 1 ELSE 0 END FROM pg_stat_ssl WHERE pid = pg_backend_pid())
            """
        case .postgresTables:
            """
            SELECT CAST(c.relname AS TEXT), CASE WHEN c.relrowsecurity THEN 1 ELSE 0 END,
            CASE WHEN c.relforcerowsecurity THEN 1 ELSE 0 END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'plenum' AND c.relkind IN ('r', 'p') ORDER BY 1
            """
        // Direct grants and inherited ones both count, and so does what everybody may (PUBLIC).
        case .postgresGrants:
            """
            SELECT CAST(r.rolname AS TEXT), 'the schema' FROM pg_roles r CROSS JOIN pg_namespace n
            WHERE n.nspname = 'plenum' AND r.rolname IN ('anon', 'authenticated')
            AND has_schema_privilege(r.oid, n.oid, 'USAGE, CREATE')
            UNION SELECT CAST(r.rolname AS TEXT), CAST(c.relname AS TEXT)
            FROM pg_roles r CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'plenum' AND c.relkind IN ('r', 'p', 'v', 'm')
            AND r.rolname IN ('anon', 'authenticated')
            AND (has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                OR has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
            UNION SELECT 'PUBLIC', CAST(c.relname AS TEXT)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) a
            WHERE n.nspname = 'plenum' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND a.grantee = 0
            UNION SELECT 'PUBLIC', 'the schema' FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
            WHERE n.nspname = 'plenum' AND a.grantee = 0 ORDER BY 1, 2
            """
        // Which schemas Supabase's Data API shows; no rows where there is none.
        case .postgresExposure:
            """
            SELECT setting FROM pg_roles r CROSS JOIN LATERAL unnest(r.rolconfig) AS setting
            WHERE r.rolname = 'authenticator' AND setting LIKE 'pgrst.db_schemas=%'
            """
        default: nil
        }
    }
}
