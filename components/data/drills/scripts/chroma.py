"""ChromaDB's interface, version 2: what a backup reads and a restore writes.

https://github.com/chroma-core/chroma/blob/1.5.3/rust/frontend/src/server.rs
"""

import base64
import struct
import time
import urllib.parse

from web import Refused, send_json

TENANT = "default_tenant"
PAGE = 500
EVERYTHING = ["documents", "embeddings", "metadatas", "uris"]


class Moved(Exception):
    """A page does not begin where the one before it ended."""


class Server:
    def __init__(self, url):
        self.url = f"{url}/api/v2"

    def version(self):
        return send_json("GET", f"{self.url}/version")

    def wait(self, seconds):
        """Until it answers: a server beside this program starts when it does."""
        end = time.monotonic() + seconds
        while True:
            try:
                return send_json("GET", f"{self.url}/heartbeat", tries=1)
            except Refused:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def largest_batch(self):
        return send_json("GET", f"{self.url}/pre-flight-checks")["max_batch_size"]

    def databases(self):
        return [each["name"] for each in pages(f"{self.url}/tenants/{TENANT}/databases")]

    def create_database(self, name):
        send_json("POST", f"{self.url}/tenants/{TENANT}/databases", {"name": name})

    def collections(self, database):
        return [Collection(self, database, each) for each in pages(self.within(database))]

    def create_collection(self, database, told):
        return Collection(self, database, send_json("POST", self.within(database), told))

    def delete_collection(self, collection):
        send_json("DELETE", f"{self.within(collection.database)}/{quoted(collection.name)}")

    def within(self, database):
        return f"{self.url}/tenants/{TENANT}/databases/{quoted(database)}/collections"


class Collection:
    def __init__(self, server, database, described):
        self.database = database
        self.name = described["name"]
        self.described = described
        self.url = f"{server.within(database)}/{described['id']}"

    def told(self):
        """What makes another like it."""
        kept = {"name": self.name, "metadata": self.described.get("metadata")}
        return {**kept, "configuration": self.described.get("configuration_json")}

    def count(self):
        return send_json("GET", f"{self.url}/count")

    def records(self):
        """All records in the order in which they were added. Pages share one: where one before it goes meanwhile, the next begins with another."""
        offset, last = 0, None
        while True:
            page = self.get({"limit": PAGE, "offset": offset})
            if last is not None and (not page or page[0]["id"] != last):
                raise Moved(f"{self.name}: records were taken away while it was read")
            yield from page[0 if last is None else 1 :]
            if len(page) < PAGE:
                return
            last, offset = page[-1]["id"], offset + PAGE - 1

    def get(self, asked):
        page = send_json("POST", f"{self.url}/get", {**asked, "include": EVERYTHING})
        columns = {name: page[name] or [None] * len(page["ids"]) for name in EVERYTHING}
        return [
            {"id": name, **{column: values[index] for column, values in columns.items()}}
            for index, name in enumerate(page["ids"])
        ]

    def add(self, records):
        rows = {column: [record[column] for record in records] for column in EVERYTHING}
        some = {column: values for column, values in rows.items() if any(value is not None for value in values)}
        # As bytes: of numbers as text the server makes others, in their last digit.
        some["embeddings"] = [base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode() for row in rows["embeddings"]]
        send_json("POST", f"{self.url}/add", {"ids": [record["id"] for record in records], **some})


def pages(url):
    offset = 0
    while True:
        page = send_json("GET", f"{url}?limit={PAGE}&offset={offset}")
        yield from page
        if len(page) < PAGE:
            return
        offset += PAGE


def quoted(name):
    return urllib.parse.quote(name, safe="")
