"""Backs ChromaDB up: everything that it holds, to the store."""

import os

import backups
from chroma import Moved, Server
from report import run
from s3 import utc_now
from stores import open_store

#: How often a collection is read of which records are deleted meanwhile; others may be added all the time.
TURNS = 3


class Changing(Exception):
    """What is read page by page while others delete: a page may lack what another had."""


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
        try:
            parts = backups.write_parts(store, backup, number, collection.records())
        except Moved as moved:
            print(f"{moved} (turn {turn})", flush=True)
            continue
        told = {"database": collection.database, "told": collection.told()}
        return {**told, "records": sum(part["records"] for part in parts), "parts": parts}
    raise Changing(f"{collection.name} lost records each time that it was read")


if __name__ == "__main__":
    run("backup", main)
