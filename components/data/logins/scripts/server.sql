-- The roles and databases of applications, as the administrator makes them. What is there stays as it is, and nothing is ever dropped.
-- PLAN names a file: [{"name": role, "owns": its database or null, "reads": [databases]}].

\set plan `cat "$PLAN"`
\set mark 'login of an application (tars-platform)'

CREATE TEMPORARY TABLE asked AS
SELECT name, owns FROM json_to_recordset(:'plan') AS login (name text, owns text);

-- Neither a role nor a database that somebody made by hand is taken over.
SELECT format('DO $$BEGIN RAISE EXCEPTION %L; END$$',
    format('the role %I is there already, and is no login of the platform: choose another name', name))
FROM asked JOIN pg_roles ON rolname = name
WHERE shobj_description(pg_roles.oid, 'pg_authid') IS DISTINCT FROM :'mark'
\gexec
SELECT format('DO $$BEGIN RAISE EXCEPTION %L; END$$',
    format('the database %I is there already, and belongs to %I, not to %I', owns, pg_get_userbyid(datdba), name))
FROM asked JOIN pg_database ON datname = owns
WHERE pg_get_userbyid(datdba) <> name
\gexec

BEGIN;
CREATE TEMPORARY TABLE missing ON COMMIT DROP AS
SELECT name FROM asked WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name);
SELECT format('CREATE ROLE %I', name) FROM missing \gexec
SELECT format('COMMENT ON ROLE %I IS %L', name, :'mark') FROM missing \gexec
COMMIT;

-- Who is asked for no more keeps what it has, and gets in no more.
SELECT format('ALTER ROLE %I %s', rolname, CASE WHEN isasked THEN 'LOGIN' ELSE 'NOLOGIN' END)
FROM pg_roles, LATERAL (SELECT rolname IN (SELECT name FROM asked) AS isasked) AS wanted
WHERE shobj_description(oid, 'pg_authid') = :'mark' AND rolcanlogin <> isasked
\gexec

-- An administrator of a cloud is no superuser, and gives a database only to whom it could be itself.
SELECT format('GRANT %I TO CURRENT_USER WITH INHERIT FALSE, SET TRUE', name)
FROM asked
WHERE owns IS NOT NULL AND NOT pg_has_role(name, 'SET')
\gexec
SELECT format('CREATE DATABASE %I OWNER %I', owns, name)
FROM asked
WHERE owns IS NOT NULL AND NOT EXISTS (SELECT FROM pg_database WHERE datname = owns)
\gexec
