"""What tables hold, in figures that are the same wherever the same rows are: how many, and the sum of a hash of each. No order counts."""

import psycopg2

#: As text a row looks alike on both servers, and nobody's policy for rows hides any.
SETTINGS = {
    "bytea_output": "hex",
    "datestyle": "ISO,YMD",
    "extra_float_digits": "1",
    "intervalstyle": "postgres",
    "row_security": "off",
    "search_path": "pg_catalog",
    "statement_timeout": "0",
    "timezone": "UTC",
}

DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname"

#: Parts of a table that is in parts are tables themselves; what is not logged comes back empty by design.
TABLES = """
SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND relpersistence = 'p' AND nspname <> 'information_schema' AND nspname !~ '^pg_' ORDER BY 1
"""


def connect(**place):
    """A session that begins no transaction by itself."""
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    made = psycopg2.connect(connect_timeout=10, options=options, **place)
    made.set_session(autocommit=True)
    return made


def ask(connection, sql, values=None):
    """All rows of an answer; none where a statement has no answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def texts(connection, sql):
    return [text for (text,) in ask(connection, sql)]


def figures(connection, table):
    """Of one table, whose name is quoted already. No column can have the name by which rows go here."""
    row = '"the whole row of tars-platform"'
    sql = f"SELECT count(*), coalesce(sum(hashtextextended({row}::text, 0)::numeric), 0)::text FROM ONLY {table} AS {row}"
    [(rows, checksum)] = ask(connection, sql)
    return {"table": table, "rows": rows, "sum": checksum}
