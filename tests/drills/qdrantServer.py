"""Pods of Qdrant as far as backups and drills ask them: HTTP after upstream's openapi.json, over Qdrant's own storage engine, qdrant-edge.

No package has the server itself. Each part of a collection is a shard of the engine, a snapshot is a tar of its files, as sparse as the server makes it, and what
is taken in the engine unpacks and loads. Which pod has which part, this program says by itself: nothing is agreed on, and no part is copied over a network.
"""

import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse
import uuid

import qdrant_edge as edge


class Refusal(Exception):
    def __init__(self, status, said):
        super().__init__(said)
        self.status = status


class Pods:
    """What all pods know."""

    def __init__(self, folder, number, key):
        self.folder = folder
        self.number = number
        self.key = key
        self.collections = {}
        self.aliases = {}
        #: What the next snapshot of a collection does: ends in its middle, or has somebody write while it is made.
        self.next = None
        self.lock = threading.RLock()


    def place(self):
        return os.path.join(self.folder, uuid.uuid4().hex)


class Part:
    """A part of a collection, with its files."""

    def __init__(self, place, shard):
        self.place = place
        self.shard = shard


class Collection:
    def __init__(self, pods, told):
        self.pods = pods
        self.told = told
        self.indexes = {}
        self.keys = {}
        self.copies = told.get("replication_factor", 1)
        #: By number and pod.
        self.parts = {}
        if told.get("sharding_method") != "custom":
            for _ in range(told.get("shard_number", 1)):
                self.add(None)

    def add(self, key):
        number = len(self.keys)
        self.keys[number] = key
        for copy in range(self.copies):
            self.parts[number, (number + copy) % self.pods.number] = self.make()

    def make(self):
        place = self.pods.place()
        return Part(place, edge.EdgeShard.create(place, edge.EdgeConfig(vectors=self.vectors(), wal_enabled=False)))

    def vectors(self):
        vectors = self.told["vectors"]
        made = lambda each: edge.EdgeVectorParams(size=each["size"], distance=getattr(edge.Distance, each["distance"]))
        return made(vectors) if "size" in vectors else {name: made(each) for name, each in vectors.items()}

    def config(self):
        params = {"shard_number": 1, "replication_factor": 1, "write_consistency_factor": 1, "on_disk_payload": True}
        params.update({key: self.told[key] for key in (*params, "vectors", "sharding_method") if key in self.told})
        others = {key: self.told.get(key) for key in ("hnsw_config", "quantization_config", "strict_mode_config", "metadata")}
        return {"params": params, **others, "optimizer_config": self.told.get("optimizers_config") or {"indexing_threshold": 10000}}

    def upsert(self, points, key):
        """Where a point goes, its number says."""
        numbers = [number for number, other in self.keys.items() if other == key]
        for (number, _), part in self.parts.items():
            mine = [point for point in points if number in numbers and numbers[hash(point["id"]) % len(numbers)] == number]
            if mine:
                part.shard.update(edge.UpdateOperation.upsert_points([edge.Point(**point) for point in mine]))
                part.shard.flush()

    def recover(self, number, pod, file):
        """Who takes a snapshot in, others copy."""
        if self.parts.get((number, pod)) is None:
            raise Refusal(404, f"shard {number} not found")
        for other in [other for each, other in self.parts if each == number]:
            place = self.pods.place()
            try:
                edge.EdgeShard.unpack_snapshot(file, place)
                shard = edge.EdgeShard.load(place)
            except Exception as error:
                raise Refusal(500, f"{error}") from None
            self.parts[number, other].shard.close()
            self.parts[number, other] = Part(place, shard)


def handler(pods, pod):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Says nothing."""

        def handle_any(self):
            path, _, query = self.path.partition("?")
            self.query = dict(urllib.parse.parse_qsl(query))
            length = int(self.headers.get("Content-Length", 0))
            try:
                if path != "/" and pods.key and self.headers.get("api-key") != pods.key:
                    raise Refusal(401, "Must provide an API key or an Authorization bearer token")
                if path.endswith("/snapshots/upload"):
                    self.file = self.uploaded()
                else:
                    data = self.rfile.read(length)
                    self.body = json.loads(data) if data else None
                with pods.lock:
                    answer = self.route([urllib.parse.unquote(part) for part in path.strip("/").split("/")])
            except Refusal as refusal:
                self.close_connection = True
                return self.reply(refusal.status, {"status": {"error": f"{refusal}"}})
            if answer is not None:
                self.reply(200, answer)

        do_GET = do_PUT = do_POST = do_DELETE = handle_any

        def reply(self, status, body):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", f"{len(data)}")
            self.end_headers()
            self.wfile.write(data)

        def route(self, parts):
            text = f"{self.command} /{'/'.join('*' if index in (1, 3) else part for index, part in enumerate(parts))}"
            if parts == [""]:
                return {"title": "qdrant - vector search engine", "version": "1.19.0"}
            if text == "GET /aliases":
                return done({"aliases": [{"alias_name": a, "collection_name": c} for a, c in pods.aliases.items()]})
            if text == "GET /collections":
                return done({"collections": [{"name": name} for name in pods.collections]})
            if parts == ["next"]:
                pods.next = self.body
                return done(True)
            if parts == ["collections", "aliases"]:
                for action in self.body["actions"]:
                    pods.aliases[action["create_alias"]["alias_name"]] = action["create_alias"]["collection_name"]
                return done(True)
            if text == "PUT /collections/*":
                if parts[1] in pods.collections:
                    raise Refusal(409, f"Collection `{parts[1]}` already exists!")
                pods.collections[parts[1]] = Collection(pods, self.body)
                return done(True)
            if parts[0] != "collections" or parts[1] not in pods.collections:
                raise Refusal(404, f"Not found: {text}")
            collection = pods.collections[parts[1]]
            return self.of_collection(text, collection, parts) if len(parts) < 4 else self.of_part(text, collection, parts)

        def of_collection(self, text, collection, parts):
            if text == "GET /collections/*":
                return done({"status": "green", "config": collection.config(), "payload_schema": collection.indexes})
            if text == "DELETE /collections/*":
                for part in pods.collections.pop(parts[1]).parts.values():
                    part.shard.close()
                return done(True)
            if text == "PUT /collections/*/index":
                schema = self.body["field_schema"]
                kind = schema if isinstance(schema, str) else schema["type"]
                params = None if isinstance(schema, str) else schema
                collection.indexes[self.body["field_name"]] = {"data_type": kind, "params": params, "points": 0}
                return done(True)
            if text == "PUT /collections/*/shards":
                for _ in range(self.body.get("shards_number") or 1):
                    collection.add(self.body["shard_key"])
                return done(True)
            if text == "PUT /collections/*/points":
                collection.upsert(self.body["points"], self.body.get("shard_key"))
                return done(True)
            if text == "GET /collections/*/cluster":
                mine = sorted(number for number, other in collection.parts if other == pod)
                keyed = lambda key: {} if key is None else {"shard_key": key}
                local = [{"shard_id": each, "state": "Active", "points_count": 0, **keyed(collection.keys[each])} for each in mine]
                return done({"peer_id": pod, "shard_count": len(collection.keys), "local_shards": local, "remote_shards": []})
            raise Refusal(404, f"Not found: {text}")

        def of_part(self, text, collection, parts):
            number = int(parts[3])
            part = collection.parts.get((number, pod))
            if part is None:
                raise Refusal(404, f"shard {number} not found")
            of = "/collections/*/shards/*"
            if text == f"POST {of}/points/count":
                return done({"count": part.shard.count(edge.CountRequest(exact=self.body["exact"]))})
            if text == f"POST {of}/points/scroll":
                asked = self.body
                slices = [edge.SliceCondition(**each["slice"]) for each in asked["filter"]["must"]]
                request = edge.ScrollRequest(
                    offset=asked["offset"],
                    limit=asked["limit"],
                    filter=edge.Filter(must=slices),
                    with_payload=asked["with_payload"],
                    with_vector=asked["with_vector"],
                )
                records, after = part.shard.scroll(request)
                points = [{"id": each.id, "payload": each.payload, "vector": each.vector} for each in records]
                return done({"points": points, "next_page_offset": after})
            if text == f"GET {of}/snapshot":
                return self.stream(parts[1], part)
            if text == f"POST {of}/snapshots/upload":
                collection.recover(number, pod, self.file)
                return done(True)
            raise Refusal(404, f"Not found: {text}")

        def stream(self, name, part):
            """In pieces without a length. What fails in the server's middle ends as if it were all."""
            what = {}
            if pods.next and pods.next["of"] == name:
                what, pods.next = pods.next, None
            if "points" in what:
                pods.collections[name].upsert(what["points"], None)
            words = ["tar", "--sparse", "--format=gnu", "-C", part.place, "-cf", "-", "."]
            data = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
            if "share" in what:
                data = data[: int(len(data) * what["share"])]
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(data), 65536):
                piece = data[at : at + 65536]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

        def uploaded(self):
            """The file of the form, where it is what its checksum says."""
            boundary = self.headers.get_param("boundary", header="Content-Type")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head, _, rest = body.partition(b"\r\n\r\n")
            if b'name="snapshot"' not in head or not rest.endswith(f"\r\n--{boundary}--\r\n".encode()):
                raise Refusal(400, "Multipart error: Field with name 'snapshot' is required")
            data = rest[: -len(f"\r\n--{boundary}--\r\n")]
            file = os.path.join(pods.folder, f"{uuid.uuid4().hex}.tar")
            with open(file, "wb") as target:
                target.write(data)
            found = hashlib.sha256(data).hexdigest()
            if self.query.get("checksum") not in (None, found):
                raise Refusal(400, f"Snapshot checksum mismatch: expected {self.query['checksum']}, got {found}")
            return file

    return Handler


def done(result):
    return {"result": result, "status": "ok", "time": 0.0}


def main():
    folder, *ports = sys.argv[1:]
    pods = Pods(folder, len(ports), os.environ.get("QDRANT__SERVICE__API_KEY"))
    for pod, port in enumerate(ports):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), handler(pods, pod))
        threading.Thread(target=server.serve_forever).start()


if __name__ == "__main__":
    main()
