"""Second half of the drill of PostgreSQL: waits until the server of the drill's own has come to the manifest's place, and compares what it holds."""

import contextlib
import json
import os
import time

import psycopg2
from report import run
from tables import ask, connect, figures

#: Seconds between two looks.
PAUSE = 0.5


class Differs(Exception):
    """What came back is not what was there."""


class Ended(Exception):
    """The server gave up, or needs longer than a restore may take."""


def wait(folder, ends):
    """The server takes nobody in before it has come to its place, and ends where it cannot; the kubelet starts it again then, in vain."""
    process, was_there = os.path.join(folder, "data", "postmaster.pid"), False
    while time.time() < ends:
        is_there = os.path.exists(process)
        if was_there and not is_there:
            raise Ended("the server ended before it had come to the manifest's place; its own log says why")
        was_there = is_there
        try:
            with contextlib.closing(session(folder, "postgres")) as made:
                if ask(made, "SELECT pg_is_in_recovery()") == [(False,)]:
                    return
        except psycopg2.OperationalError:
            pass
        time.sleep(PAUSE)
    raise Ended("the server had not come to the manifest's place when the time of a restore (RTO) was over")


def session(folder, database):
    return connect(dbname=database, host=os.path.join(folder, "run"), user="postgres")


def compare(folder, databases):
    for name, tables in databases.items():
        try:
            made = session(folder, name)
        except psycopg2.OperationalError as error:
            raise Differs(f"{name}: {error}") from None
        with contextlib.closing(made):
            for wanted in tables:
                found = read(made, name, wanted["table"])
                if found != wanted:
                    raise Differs(f"{name}: {wanted['table']} has {told(found)}, not {told(wanted)}")


def told(table):
    return f"{table['rows']} rows and the sum {table['sum']}"


def read(made, database, table):
    try:
        return figures(made, table)
    except psycopg2.Error as error:
        raise Differs(f"{database}: {table} cannot be read: {str(error).strip()}") from None


def main():
    folder = os.environ["SCRATCH"]
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        told = json.load(file)
    databases = told["manifest"]["databases"]
    wait(folder, told["began"] + 60 * float(os.environ["RTO_MINUTES"]))
    restored = time.time() - told["began"]
    compare(folder, databases)
    held = [table for tables in databases.values() for table in tables]
    return {
        **told["plan"],
        "restoreSeconds": round(restored, 1),
        "databases": len(databases),
        "tables": len(held),
        "rows": sum(table["rows"] for table in held),
    }


if __name__ == "__main__":
    run("drill", main)
