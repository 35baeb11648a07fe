-- Who gets into one database, and reads it, as its owner says in it. PLAN is that of server.sql.
-- closes: whether others are kept out here; where an operator runs the server, its pg_hba does it.

\set plan `cat "$PLAN"`

BEGIN;
CREATE TEMPORARY TABLE readers ON COMMIT DROP AS
SELECT name FROM json_to_recordset(:'plan') AS login (name text, reads jsonb) WHERE reads ? current_database();

\if :closes
-- Everybody, and whoever was let in once and is asked for no more.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT DISTINCT format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), pg_get_userbyid(grantee))
FROM pg_database, aclexplode(datacl)
WHERE datname = current_database() AND grantee NOT IN (0, datdba) AND pg_get_userbyid(grantee) NOT IN (SELECT name FROM readers)
\gexec
\endif

SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name) FROM readers \gexec

-- What of its owner's is there, and what its owner makes from now on.
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, name)
FROM readers, pg_namespace
WHERE pg_has_role(nspowner, 'USAGE') AND nspname !~ '^pg_|^information_schema$'
\gexec
SELECT format('GRANT SELECT ON %s TO %I', pg_class.oid::regclass, name)
FROM readers, pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_has_role(relowner, 'USAGE') AND nspname !~ '^pg_|^information_schema$'
\gexec
SELECT format('ALTER DEFAULT PRIVILEGES GRANT %s TO %I', what, name)
FROM readers, (VALUES ('USAGE ON SCHEMAS'), ('SELECT ON TABLES')) AS rights (what)
\gexec
COMMIT;
