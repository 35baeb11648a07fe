"""How ChromaDB is copied: databases, collections with their settings, and every record."""

import json
import os
import time

import backups
from chroma import PAGE, Moved, Server

NAME = "chromadb"
#: How often a collection is read of which records are deleted meanwhile; others may be added all the time.
TURNS = 3
#: Share of a vector's largest number by which others may differ: the index of cosines keeps vectors of length 1, and gives theirs back by arithmetic.
TOLERANCE = 1e-5
#: Seconds in which the server beside a drill answers.
STARTS = 120


class Changing(Exception):
    """What is read page by page while others delete: a page may lack what another had."""


class Differs(Exception):
    """What came back is not what was there."""


def count(content):
    collections = content["collections"]
    return {"collections": len(collections), "records": sum(each["records"] for each in collections)}


def back_up(writer):
    server = Server(os.environ["SERVICE_URL"])
    found = [
        collection
        for database in sorted(server.databases())
        for collection in sorted(server.collections(database), key=lambda each: each.name)
    ]
    return {"version": server.version(), "collections": [read(writer, collection) for collection in found]}


def read(writer, collection):
    for turn in range(1, TURNS + 1):
        try:
            parts = writer.write(map(line_of, collection.records()), "jsonl")
        except Moved as moved:
            print(f"{moved} (turn {turn})", flush=True)
            continue
        told = {"database": collection.database, "told": collection.told()}
        return {**told, "records": sum(part["records"] for part in parts), "parts": parts}
    raise Changing(f"{collection.name} lost records each time that it was read")


def line_of(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def restore(store, manifest):
    write(store, Server(os.environ["SERVICE_URL"]), manifest)


def practise(url, store, manifest):
    """Says when it was all there; then leaves the server as it was."""
    server = Server(url)
    server.wait(STARTS)
    if any(server.collections(database) for database in server.databases()):
        raise ValueError(f"{url} holds collections: it is no server of the drill's own")
    made = write(store, server, manifest)
    end = time.monotonic()
    for collection in made:
        server.delete_collection(collection)
    return end


def write(store, server, manifest):
    """Makes each collection anew and reads it back; says what was made."""
    there = server.databases()
    batch, made = server.largest_batch(), []
    for collection in manifest["collections"]:
        database = collection["database"]
        if database not in there:
            server.create_database(database)
            there.append(database)
        made.append(server.create_collection(database, collection["told"]))
        for part in collection["parts"]:
            records = records_of(store, part)
            for first in range(0, len(records), batch):
                made[-1].add(records[first : first + batch])
            compare(made[-1], records)
        if made[-1].count() != collection["records"]:
            raise Differs(f"{made[-1].name} has {made[-1].count()} records, not {collection['records']}")
    return made


def records_of(store, part):
    records = [json.loads(line) for line in backups.read_part(store, part).splitlines()]
    if len(records) != part["records"]:
        raise backups.Unusable(f"{part['name']} has {len(records)} records, not {part['records']}")
    return records


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
