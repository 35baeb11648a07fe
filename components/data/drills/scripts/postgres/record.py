"""Writes the manifest of a database that is in use: what each table holds at one place in the log, to which a drill brings a backup back.

All tables are locked against writing for as long as it takes to look at the clock: nothing is written between the place in the log and what is read.
What is read then is of that moment, by the transaction's own view, while everybody writes on.
"""

import contextlib
import os
import random
import time

import backups
import psycopg2.errors
from report import run
from s3 import utc_now
from stores import open_store
from tables import DATABASES, TABLES, ask, connect, figures, texts

#: How often it tries to lock all tables, some ten minutes long. It waits for no lock: who waits while others wait for it can be half of a deadlock,
#: and PostgreSQL ends whichever half has waited for `deadlock_timeout`, which may be somebody else's.
TURNS = 600
#: Seconds between two turns, at most: each time others, so as not to meet whoever writes in the same rhythm.
PAUSE = 2
#: Of so many turns one is told of.
TOLD = 60

#: What somebody else does to a table meanwhile.
PASSING = (psycopg2.errors.LockNotAvailable, psycopg2.errors.UndefinedTable, psycopg2.errors.InvalidSchemaName)

FACTS = """
SELECT pg_current_wal_insert_lsn()::text, ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int,
    pg_size_bytes(current_setting('wal_segment_size')), current_setting('server_version')
"""


def hold(connection):
    """Begins a transaction in which nobody changes what tables are, and none of their rows before the savepoint is left; says which tables."""
    tables = texts(connection, TABLES)
    known = ", ".join(tables)
    # None of these looks at the data: its view of them begins with the first that does.
    ask(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    if known:
        ask(connection, f"LOCK TABLE {known} IN ACCESS SHARE MODE NOWAIT")
    ask(connection, "SAVEPOINT quiet")
    if known:
        ask(connection, f"LOCK TABLE {known} IN SHARE MODE NOWAIT")
    return tables


def look(sessions):
    """Tables of each database, and one place in the log at which nobody writes to any; each session sees them as they are there."""
    tables = {name: hold(session) for name, session in sessions.items()}
    facts = [ask(session, FACTS)[0] for session in sessions.values()]
    moment = utc_now()
    for session in sessions.values():
        ask(session, "ROLLBACK TO SAVEPOINT quiet")
    return tables, facts[0], moment


def read():
    with contextlib.ExitStack() as stack:
        def opened(name):
            return stack.enter_context(contextlib.closing(connect(dbname=name)))

        first = opened("postgres")
        sessions = {name: opened(name) for name in texts(first, DATABASES)}
        tables, (lsn, timeline, segment, version), moment = look(sessions)
        # The log goes on behind that place, also where nobody else writes, so that its file is closed and archived in time.
        ask(first, "SELECT pg_logical_emit_message(true, 'tars-platform', 'manifest')")
        found = {name: [figures(session, table) for table in tables[name]] for name, session in sessions.items()}
    return {
        "service": "postgres",
        "version": version,
        "moment": moment.isoformat(),
        "lsn": lsn,
        "timeline": timeline,
        "segment": segment,
        "databases": found,
    }


def read_at_last():
    """What `read` says, once nobody is in its way."""
    for turn in range(1, TURNS + 1):
        try:
            return read()
        except PASSING as error:
            if turn == TURNS:
                raise
            if turn % TOLD == 1:
                print(f"{str(error).strip()} (turn {turn})", flush=True)
            time.sleep(random.uniform(0, PAUSE))


def main():
    # libpq reads where, as whom and whom to believe from the environment; what a file has of that is in this process' own alone.
    with open(os.environ["PASSWORD_FILE"], encoding="utf-8") as file:
        os.environ["PGPASSWORD"] = file.read()
    store, began = open_store(), utc_now()
    manifest = read_at_last()
    name = backups.name_of(began)
    backups.write_manifest(store, name, manifest)
    gone = backups.forget(store, utc_now(), int(os.environ["KEEP_DAYS"]))
    held = [table for tables in manifest["databases"].values() for table in tables]
    return {
        "manifest": name,
        "lsn": manifest["lsn"],
        "tables": len(held),
        "rows": sum(table["rows"] for table in held),
        "seconds": round((utc_now() - began).total_seconds(), 1),
        "forgotten": gone,
    }


if __name__ == "__main__":
    run("manifest", main)
