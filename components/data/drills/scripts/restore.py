"""Restores a backup of ChromaDB: what is there already is left alone, and stands in the way."""

import os
import sys

import backups
from chroma import PAGE, Server
from report import run
from stores import open_store

#: Share of a vector's largest number by which others may differ: the index of cosines keeps vectors of length 1, and gives theirs back by arithmetic.
TOLERANCE = 1e-5


class Differs(Exception):
    """What came back is not what was there."""


def restore(store, server, manifest):
    """Makes each collection anew and reads it back; says what was made."""
    if not any(collection["records"] for collection in manifest["collections"]):
        raise backups.Unusable("the backup is empty: it proves nothing, and restores nothing")
    there = server.databases()
    batch, made = server.largest_batch(), []
    for collection in manifest["collections"]:
        database = collection["database"]
        if database not in there:
            server.create_database(database)
            there.append(database)
        made.append(server.create_collection(database, collection["told"]))
        for part in collection["parts"]:
            records = backups.read_part(store, part)
            for first in range(0, len(records), batch):
                made[-1].add(records[first : first + batch])
            compare(made[-1], records)
        if made[-1].count() != collection["records"]:
            raise Differs(f"{made[-1].name} has {made[-1].count()} records, not {collection['records']}")
    return made


def compare(collection, records):
    """Reads back what was just written."""
    for first in range(0, len(records), PAGE):
        wanted = {record["id"]: record for record in records[first : first + PAGE]}
        found = {record["id"]: record for record in collection.get({"ids": list(wanted)})}
        for name, record in wanted.items():
            if not same(found.get(name), record):
                raise Differs(f"{collection.name}: the record {name} is not what was backed up")


def same(found, wanted):
    if found is None or any(found[key] != value for key, value in wanted.items() if key != "embeddings"):
        return False
    numbers, others = wanted["embeddings"], found["embeddings"]
    near = TOLERANCE * max(map(abs, numbers), default=0)
    return len(others) == len(numbers) and all(abs(one - other) <= near for one, other in zip(others, numbers))


def main():
    store, server = open_store(), Server(os.environ["SERVICE_URL"])
    known = backups.finished(store)
    if len(sys.argv) != 2 or sys.argv[1] not in known:
        raise backups.Unusable(f"name one of {', '.join(known) or 'none: there is no backup'}")
    made = restore(store, server, backups.read_manifest(store, sys.argv[1]))
    return {"backup": sys.argv[1], "collections": len(made)}


if __name__ == "__main__":
    run("restore", main)
