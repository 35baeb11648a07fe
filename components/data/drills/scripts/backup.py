"""Backs ChromaDB up: everything that it holds, to the store."""

import os

import backups
from chroma import Server
from report import run
from s3 import utc_now
from stores import open_store

#: How often a collection is read that changes while it is.
TURNS = 3


class Changing(Exception):
    """What is read page by page while others write: a page may lack what another had."""


def main():
    store, server = open_store(), Server(os.environ["SERVICE_URL"])
    start = utc_now()
    backup = backups.name_of(start)
    collections, number = [], 0
    for database in sorted(server.databases()):
        for collection in sorted(server.collections(database), key=lambda each: each.name):
            written = read(store, backup, number, collection)
            number += len(written["parts"])
            collections.append(written)
    manifest = {
        "service": "chromadb",
        "version": server.version(),
        "started": start.isoformat(),
        "finished": utc_now().isoformat(),
        "collections": collections,
    }
    backups.write_manifest(store, backup, manifest)
    gone = backups.forget(store, utc_now(), int(os.environ["KEEP_DAYS"]))
    return {
        "backup": backup,
        "collections": len(collections),
        "records": sum(each["records"] for each in collections),
        "seconds": round((utc_now() - start).total_seconds(), 1),
        "forgotten": gone,
    }


def read(store, backup, number, collection):
    for turn in range(1, TURNS + 1):
        before, seen = collection.count(), set()
        parts = backups.write_parts(store, backup, number, once(collection.records(), seen))
        after = collection.count()
        if before == after == len(seen):
            told = {"database": collection.database, "told": collection.told()}
            return {**told, "records": len(seen), "parts": parts}
        print(f"{collection.name}: {before} records before, {len(seen)} read, {after} after (turn {turn})", flush=True)
    raise Changing(f"{collection.name} was written to each time that it was read")


def once(records, seen):
    """Each record that has not been seen: others may come twice where somebody deletes while pages are read."""
    for record in records:
        if record["id"] not in seen:
            seen.add(record["id"])
            yield record


if __name__ == "__main__":
    run("backup", main)
