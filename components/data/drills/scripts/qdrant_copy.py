"""How Qdrant is copied: collections with their settings, and a snapshot of each of their parts, as one of the pods has it.

Snapshots of a collection have what one pod has of it. Those of its parts need no pod of the same name, and one copy of each is enough.
https://qdrant.tech/documentation/concepts/snapshots/
"""

import hashlib
import json
import os
import time

import backups
from qdrant import Server, told_alone, told_of

NAME = "qdrant"
#: About so many points of a part are compared; of one with fewer, all.
SAMPLES = 200
#: Share of its points that must be in a part that was written to while its snapshot was made: how many there were at that moment, nobody knows.
WRITTEN_TO = 0.9
#: Seconds in which the server beside a drill answers, and in which a cluster has made the parts of a collection.
STARTS = 120
#: States of a part from which it may be read.
READABLE = ("Active", "ActiveRead")
#: Where the one server of a drill has the part that it tries.
ONLY = 0


class Differs(Exception):
    """What came back is not what was there."""


def count(content):
    shards = [shard for each in content["collections"] for shard in each["shards"]]
    return {"collections": len(content["collections"]), "shards": len(shards), "records": sum(each["points"] for each in shards)}


def back_up(writer):
    pods = the_pods()
    found = [read(writer, pods, name) for name in pods[0].collections()]
    return {"version": pods[0].version(), "collections": found, "aliases": pods[0].aliases()}


def the_pods():
    return [Server(url, os.environ.get("SERVICE_LOGIN")) for url in os.environ["SERVICE_PODS"].split(",")]


def read(writer, pods, name):
    described = pods[0].collection(name).described()
    indexes = {field: each.get("params") or each["data_type"] for field, each in described["payload_schema"].items()}
    shards = [
        {"shard": number, "key": key, **read_shard(writer, pod.collection(name).shard(number))}
        for number, (pod, key) in sorted(holders(pods, name).items())
    ]
    return {"name": name, "told": told_of(described["config"]), "indexes": indexes, "shards": shards}


def holders(pods, name):
    """For each part the first pod from which it may be read."""
    found, number = {}, 0
    for pod in pods:
        parts, number = pod.collection(name).shards()
        for shard, part in parts.items():
            if part["state"] in READABLE:
                found.setdefault(shard, (pod, part["key"]))
    if len(found) < number:
        raise backups.Unusable(f"{name}: of its {number} parts no pod has all but {', '.join(map(str, sorted(found))) or 'none'}")
    return found


def read_shard(writer, shard):
    before = shard.count()
    total = max(1, before // SAMPLES)
    sampled = shard.sampled(total)
    parts, size, checksum = shard.snapshot(lambda pieces: kept(writer, pieces))
    after, again = shard.count(), shard.sampled(total)
    samples = {point: held for point, held in sampled.items() if again.get(point) == held}
    still = before == after and samples == sampled == again
    points = {"points": min(before, after), "still": still, "total": total, "samples": samples}
    return {**points, "bytes": size, "sha256": checksum, "parts": parts}


def kept(writer, pieces):
    seen = hashlib.sha256()
    size = 0

    def passing():
        nonlocal size
        for piece in pieces:
            seen.update(piece)
            size += len(piece)
            yield piece

    parts = writer.write(passing(), "snapshot")
    return parts, size, seen.hexdigest()


def practise(url, store, manifest):
    """Each part by itself, because a server of the drill's is as large as one pod, and all of them together are not; says when the last was there."""
    server = Server(url)
    server.wait(STARTS)
    if server.collections():
        raise ValueError(f"{url} holds collections: it is no server of the drill's own")
    for each in manifest["collections"]:
        collection = server.collection(each["name"])
        for shard in each["shards"]:
            collection.create(told_alone(each["told"]))
            bring_back(store, collection.shard(ONLY), shard)
            compare_settings(collection, each)
            end = time.monotonic()
            collection.delete()
    return end


def bring_back(store, shard, wanted):
    shard.recover(lambda: (backups.read_part(store, part) for part in wanted["parts"]), wanted["bytes"], wanted["sha256"])
    found, least = shard.count(), wanted["points"] if wanted["still"] else wanted["points"] * WRITTEN_TO
    if found < least or (wanted["still"] and found != least):
        raise Differs(f"{shard.name} has {found} points, not {wanted['points']}")
    sampled = shard.sampled(wanted["total"])
    for point, held in wanted["samples"].items():
        if sampled.get(point) != held:
            raise Differs(f"{shard.name}: the point {point} is not what was backed up")


def compare_settings(collection, wanted):
    """What the server made of the settings that it was told is what they were; that they fit what is in the part, its points say."""
    described = collection.described()
    vectors = told_of(described["config"])
    for key in ("vectors", "sparse_vectors"):
        if vectors.get(key) != wanted["told"].get(key):
            raise Differs(f"{collection.name}: {key} are {json.dumps(vectors.get(key))}, not what was backed up")


def restore(store, manifest):
    """Into a cluster that has none of the collections; copies of a part the cluster makes itself of the one that is brought."""
    pods = the_pods()
    there = set(pods[0].collections()) & {each["name"] for each in manifest["collections"]}
    if there:
        raise ValueError(f"{', '.join(sorted(there))} is there: nothing is restored over it")
    for each in manifest["collections"]:
        collection = pods[0].collection(each["name"])
        collection.create(each["told"])
        create_keys(collection, each["shards"])
        for field, schema in each["indexes"].items():
            collection.index(field, schema)
        made = settled(pods, each)
        for shard in each["shards"]:
            pod, _ = made[shard["shard"]]
            bring_back(store, pod.collection(each["name"]).shard(shard["shard"]), shard)
    if manifest["aliases"]:
        pods[0].create_aliases(manifest["aliases"])


def create_keys(collection, shards):
    """In the order in which they were made, so that each gets its numbers again."""
    keys = [shard["key"] for shard in shards if shard["key"] is not None]
    for key in dict.fromkeys(keys):
        collection.create_key(key, keys.count(key))


def settled(pods, wanted):
    """Who has which part, once the cluster has made them all."""
    numbers = {shard["shard"]: shard["key"] for shard in wanted["shards"]}
    end = time.monotonic() + STARTS
    while True:
        try:
            made = holders(pods, wanted["name"])
        except backups.Unusable:
            made = {}
        if {number: key for number, (_, key) in made.items()} == numbers:
            return made
        if time.monotonic() > end:
            raise Differs(f"{wanted['name']} was made with parts {sorted(made)}, not {sorted(numbers)}, or with other keys")
        time.sleep(0.5)
