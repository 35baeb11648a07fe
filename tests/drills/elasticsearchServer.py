"""Stands in for Elasticsearch, of which no package has a server: as much of its interface as snapshots and their drill call, over what it is really given.

It keeps documents, which count once they are refreshed, and writes all of them into a snapshot, as there. A snapshot is a file an index, with a checksum, in the
folder that its repository names below the one that the program is started with: another server that is told of the same folder reads them. What it does not
show is Lucene's files, parts on several nodes, who may do what, and any store but a folder.

A snapshot is missing for the first look at it, and in progress for the second. POST /_break {"next": "PARTIAL"} has the next one lack its first index, "LOST"
has it never begin; POST /_late [index, count] has as many documents written while the next is taken.
"""

import fnmatch
import hashlib
import http.server
import json
import pathlib
import re
import sys
import time
import urllib.parse
import uuid

ROOT = pathlib.Path(sys.argv[1])


class Fails(Exception):
    def __init__(self, status, kind, reason):
        super().__init__(reason)
        self.status = status
        self.body = {"error": {"type": kind, "reason": reason}, "status": status}


class Elasticsearch:
    def __init__(self):
        self.indices, self.visible, self.repositories, self.policies = {}, {}, {}, {}
        self.next, self.late, self.looks = "SUCCESS", None, {}

    def fitting(self, patterns):
        return [index for index in sorted(self.indices) if any(fnmatch.fnmatchcase(index, each) for each in patterns.split(","))]

    def folder(self, name):
        if name not in self.repositories:
            raise Fails(404, "repository_missing_exception", f"[{name}] missing")
        settings = self.repositories[name]["settings"]
        return ROOT / (settings.get("bucket") or settings["container"]) / settings["base_path"]

    def register(self, name, told):
        self.repositories[name] = told
        # Who may write there shows that it can.
        if not told["settings"].get("readonly"):
            self.folder(name).mkdir(parents=True, exist_ok=True)
        return {"acknowledged": True}

    def execute(self, policy):
        told = self.policies[policy]
        name = re.sub(r"^<(.*)-\{.*\}>$", r"\1", told["name"]) + time.strftime("-%Y%m%d.%H%M-") + uuid.uuid4().hex[:8]
        folder, chosen = self.folder(told["repository"]), self.fitting(",".join(told["config"]["indices"]))
        if self.repositories[told["repository"]]["settings"].get("readonly"):
            raise Fails(500, "repository_exception", "cannot create snapshot in a readonly repository")
        state, self.next = self.next, "SUCCESS"
        if state == "LOST":
            return {"snapshot_name": name}
        self.looks[name] = 2
        failures = []
        info = {"snapshot": name, "uuid": uuid.uuid4().hex, "start_time_in_millis": int(time.time() * 1000), "indices": chosen}
        if self.late:
            index, count = self.late
            self.indices[index] += [{"late": n} for n in range(count)]
        for index in chosen:
            if state == "PARTIAL" and not failures:
                failures.append({"index": index, "shard_id": 0, "reason": "IndexShardSnapshotFailedException[no space]", "status": "INTERNAL_SERVER_ERROR"})
                continue
            text = json.dumps(self.indices[index])
            held = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "documents": text}
            (folder / f"{info['uuid']}.{index}.json").write_text(json.dumps(held), encoding="utf-8")
        parts = {"total": len(chosen), "failed": len(failures), "successful": len(chosen) - len(failures)}
        (folder / f"snap-{info['uuid']}.json").write_text(json.dumps({**info, "state": state, "shards": parts, "failures": failures}), encoding="utf-8")
        return {"snapshot_name": name}

    def snapshots(self, repository, name):
        found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(self.folder(repository).glob("snap-*.json"))]
        found = [each for each in found if name in ("_all", each["snapshot"])]
        left = self.looks.get(name, 0)
        self.looks[name] = max(0, left - 1)
        if left == 1:
            found = [{**each, "state": "IN_PROGRESS"} for each in found]
        if name != "_all" and (left == 2 or not found):
            raise Fails(404, "snapshot_missing_exception", f"[{repository}:{name}] is missing")
        return {"snapshots": found, "total": len(found), "remaining": 0}

    def restore(self, repository, name, told):
        [info] = self.snapshots(repository, name)["snapshots"]
        chosen = [index for index in info["indices"] if index in told["indices"].split(",")]
        failed = 0
        for index in chosen:
            if index in self.indices:
                raise Fails(500, "snapshot_restore_exception", f"cannot restore index [{index}] because an open index with same name already exists")
            try:
                held = json.loads((self.folder(repository) / f"{info['uuid']}.{index}.json").read_text(encoding="utf-8"))
                if hashlib.sha256(held["documents"].encode()).hexdigest() != held["sha256"]:
                    raise ValueError("checksum failed")
                self.indices[index] = json.loads(held["documents"])
            except (OSError, ValueError):
                # The index is there, without its part.
                self.indices[index], failed = [], failed + 1
            self.visible[index] = len(self.indices[index])
        parts = {"total": len(chosen), "failed": failed, "successful": len(chosen) - failed}
        return {"snapshot": {"snapshot": name, "indices": chosen, "shards": parts}}

    def refresh(self, patterns):
        for index in self.fitting(patterns):
            self.visible[index] = len(self.indices[index])
        return {"_shards": {"failed": 0}}

    def stats(self, patterns):
        counts = {index: {"primaries": {"docs": {"count": self.visible.get(index, 0)}}} for index in self.fitting(patterns)}
        # Of nothing filter_path leaves nothing.
        return {"indices": counts} if counts else {}

    def add(self, index, documents):
        self.indices.setdefault(index, []).extend(documents)
        return {"errors": False}

    def delete(self, index):
        if self.indices.pop(index, None) is None:
            raise Fails(404, "index_not_found_exception", f"no such index [{index}]")
        self.visible.pop(index, None)
        return {"acknowledged": True}

    def search(self, index):
        found = self.visible.get(index, 0)
        return {"hits": {"total": {"value": found, "relation": "eq"}}, "_shards": {"total": 1, "failed": 0}}

    def break_next(self, state):
        self.next = state
        return {}

    def write_late(self, late):
        self.late = late
        return {}

    def keep_policy(self, name, told):
        self.policies[name] = told
        return {"acknowledged": True}

    def answer(self, method, path, body):
        ways = [
            ("GET", r"_cluster/health", lambda: {"status": "green"}),
            ("POST", r"_break", lambda: self.break_next(body["next"])),
            ("POST", r"_late", lambda: self.write_late(body)),
            ("PUT", r"_slm/policy/([^/]+)/_execute", self.execute),
            ("PUT", r"_slm/policy/([^/]+)", lambda name: self.keep_policy(name, body)),
            ("POST", r"_snapshot/([^/]+)/([^/]+)/_restore", lambda repository, name: self.restore(repository, name, body)),
            ("GET", r"_snapshot/([^/]+)/([^/]+)", self.snapshots),
            ("PUT", r"_snapshot/([^/]+)", lambda name: self.register(name, body)),
            ("POST", r"([^/]+)/_refresh", self.refresh),
            ("GET", r"([^/]+)/_stats/docs", self.stats),
            ("POST", r"([^/]+)/_search", self.search),
            ("POST", r"([^/]+)/_bulk", lambda index: self.add(index, body)),
            ("DELETE", r"([^/]+)", self.delete),
        ]
        for known, pattern, act in ways:
            match = re.fullmatch(pattern, path)
            if known == method and match:
                return act(*map(urllib.parse.unquote, match.groups()))
        raise Fails(405, "illegal_argument_exception", f"{method} {path} is nothing that the stand-in knows")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_side = Elasticsearch()

    def serve(self):
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, said = 200, self.server_side.answer(self.command, urllib.parse.urlsplit(self.path).path[1:], json.loads(data) if data else None)
        except Fails as failure:
            status, said = failure.status, failure.body
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = serve

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
