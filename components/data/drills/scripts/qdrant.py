"""Qdrant's HTTP interface: what a backup reads and a restore writes, of one pod.

https://github.com/qdrant/qdrant/blob/v1.19.0/docs/redoc/master/openapi.json
"""

import hashlib
import http.client
import json
import os
import ssl
import time
import urllib.parse
import urllib.request

from tar_end import Tar
from web import TRIES, Refused, read_whole, send

#: The longest silence, in seconds: of a short question, and while a snapshot is made or taken in.
SOON = 60
LONG = 3600
#: Bytes of a snapshot that are read at once.
CHUNK = 1024 * 1024
BOUNDARY = "tars-platform-snapshot"
#: Settings of a collection that its description and its creation have by the same name; the optimizers' have not.
SAME = ("hnsw_config", "wal_config", "quantization_config", "strict_mode_config", "metadata")
#: What is said of a collection's parts at its creation, beside what a server of one pod needs.
OF_VECTORS = ("vectors", "sparse_vectors", "on_disk_payload", "payload")
OF_SHARDS = ("shard_number", "sharding_method", "replication_factor", "write_consistency_factor")


class Broken(http.client.HTTPException):
    """A snapshot that ends before its end: asked for again, as any answer that does."""


class Server:
    def __init__(self, url, login=None):
        """
        :param login: folder with `api-key` and, of who vouches for the server, `ca.crt`
        """
        self.url = url
        self.headers = {}
        self.context = None
        if login is not None:
            with open(os.path.join(login, "api-key"), encoding="ascii") as file:
                self.headers["api-key"] = file.read().strip()
            self.context = ssl.create_default_context(cafile=os.path.join(login, "ca.crt"))

    def ask(self, method, path, body=None, tries=TRIES, seconds=SOON):
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        typed = {} if data is None else {"Content-Type": "application/json"}
        return json.loads(self.call(method, path, data, typed, tries, seconds, read_whole))["result"]

    def call(self, method, path, data, headers, tries, seconds, take):
        def request():
            own = {**headers, **self.headers}
            return urllib.request.Request(
                f"{self.url}{path}", data=data() if callable(data) else data, method=method, headers=own
            )

        return send(request, tries, seconds=seconds, context=self.context, take=take)

    def version(self):
        """Without a key, as the only answer of all."""
        return json.loads(self.call("GET", "/", None, {}, TRIES, SOON, read_whole))["version"]

    def wait(self, seconds):
        """Until it answers: a server beside this program starts when it does."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.ask("GET", "/collections", tries=1)
            except Refused:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def collections(self):
        return sorted(each["name"] for each in self.ask("GET", "/collections")["collections"])

    def aliases(self):
        said = self.ask("GET", "/aliases")["aliases"]
        return sorted((each["alias_name"], each["collection_name"]) for each in said)

    def create_aliases(self, pairs):
        created = [{"create_alias": {"alias_name": alias, "collection_name": of}} for alias, of in pairs]
        self.ask("POST", "/collections/aliases", {"actions": created})

    def collection(self, name):
        return Collection(self, name)


class Collection:
    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.path = f"/collections/{urllib.parse.quote(name, safe='')}"

    def described(self):
        return self.server.ask("GET", self.path)

    def create(self, told):
        self.server.ask("PUT", self.path, told, seconds=LONG)

    def delete(self):
        self.server.ask("DELETE", self.path, seconds=LONG)

    def index(self, field, schema):
        self.server.ask("PUT", f"{self.path}/index?wait=true", {"field_name": field, "field_schema": schema}, seconds=LONG)

    def create_key(self, key, shards):
        self.server.ask("PUT", f"{self.path}/shards", {"shard_key": key, "shards_number": shards}, seconds=LONG)

    def shards(self):
        """Parts of the collection that this pod has, state and key of each by its number; and how many the collection has."""
        said = self.server.ask("GET", f"{self.path}/cluster")
        own = {each["shard_id"]: {"state": each["state"], "key": each.get("shard_key")} for each in said["local_shards"]}
        return own, said["shard_count"]

    def shard(self, number):
        return Shard(self, number)


class Shard:
    """A part of a collection, as this one pod has it."""

    def __init__(self, collection, number):
        self.server = collection.server
        self.name = f"shard {number} of {collection.name}"
        self.path = f"{collection.path}/shards/{number}"

    def count(self):
        """https://github.com/qdrant/qdrant/blob/v1.19.0/src/actix/api/local_shard_api.rs (as `sampled` below)"""
        return self.server.ask("POST", f"{self.path}/points/count", {"exact": True}, seconds=LONG)["count"]

    def sampled(self, total):
        """One in so many points, wherever it is, each time the same ones: what each of them holds, as a checksum by its id."""
        asked = {"filter": {"must": [{"slice": {"total": total, "index": 0}}]}, "with_payload": True, "with_vector": True}
        held, offset = {}, None
        while True:
            page = self.server.ask("POST", f"{self.path}/points/scroll", {**asked, "limit": 100, "offset": offset}, seconds=LONG)
            held.update((f"{point['id']}", checksum_of(point)) for point in page["points"])
            offset = page.get("next_page_offset")
            if offset is None:
                return held

    def snapshot(self, take):
        """What `take` makes of the snapshot, which is made while it is read and is never a file of the server's."""
        return self.server.call("GET", f"{self.path}/snapshot", None, {}, TRIES, LONG, lambda answer: take(chunks(answer)))

    def recover(self, pieces, size, checksum):
        """Once: who hears no answer does not know what is there.

        :param pieces: makes the snapshot, in pieces
        """
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="snapshot"; filename="shard.snapshot"\r\n'
        head = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()

        def body():
            yield head
            yield from pieces()
            yield tail

        length = f"{len(head) + size + len(tail)}"
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": length}
        query = urllib.parse.urlencode({"wait": "true", "priority": "snapshot", "checksum": checksum})
        self.server.call("POST", f"{self.path}/snapshots/upload?{query}", body, headers, 1, LONG, read_whole)


def chunks(answer):
    tar = Tar()
    while piece := answer.read(CHUNK):
        tar.follow(piece)
        yield piece
    if not tar.is_over():
        raise Broken("the snapshot ends before its end")


def checksum_of(point):
    content = {key: point.get(key) for key in ("payload", "vector")}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def told_of(config):
    """What makes another collection like it."""
    params = config["params"]
    told = {key: params[key] for key in OF_VECTORS + OF_SHARDS if params.get(key) is not None}
    told.update((key, config[key]) for key in SAME if config.get(key) is not None)
    return {**told, "optimizers_config": config["optimizer_config"]}


def told_alone(told):
    """The same of a collection of one part, on a server of one pod, which nobody else asks."""
    kept = {key: value for key, value in told.items() if key not in OF_SHARDS and key != "strict_mode_config"}
    return {**kept, "shard_number": 1}
