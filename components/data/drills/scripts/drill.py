"""The restore drill of ChromaDB: the newest backup, into a server of the drill's own, compared with what was there when it was made."""

import os
import time
import urllib.parse

import backups
from chroma import Server
from report import run
from restore import restore
from s3 import utc_now
from stores import open_store

#: Seconds in which the server beside this program answers.
STARTS = 120


def main():
    url = os.environ["SCRATCH_URL"]
    if urllib.parse.urlsplit(url).hostname != "127.0.0.1":
        raise ValueError(f"{url} is no server of the drill's own: nothing is restored into it")
    store, server = open_store(), Server(url)
    began = time.monotonic()
    now = utc_now()
    backup, manifest = backups.newest(store, now, float(os.environ["RPO_HOURS"]))
    server.wait(STARTS)
    if any(server.collections(database) for database in server.databases()):
        raise ValueError(f"{url} holds collections: it is no server of the drill's own")
    made = restore(store, server, manifest)
    seconds = time.monotonic() - began
    for collection in made:
        server.delete_collection(collection)
    return {
        "backup": backup,
        "ageHours": backups.hours(now - backups.moment_of(backup)),
        "restoreSeconds": round(seconds, 1),
        "collections": len(made),
        "records": sum(each["records"] for each in manifest["collections"]),
    }


if __name__ == "__main__":
    run("drill", main)
