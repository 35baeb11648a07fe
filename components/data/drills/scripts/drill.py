"""The restore drill of a data service: the newest backup, into a server of the drill's own, compared with what was there when it was made."""

import os
import time
import urllib.parse

import backups
from report import run
from s3 import utc_now
from services import the_service
from stores import open_store


def main():
    url = os.environ["SCRATCH_URL"]
    if urllib.parse.urlsplit(url).hostname != "127.0.0.1":
        raise ValueError(f"{url} is no server of the drill's own: nothing is restored into it")
    store, service = open_store(), the_service()
    began = time.monotonic()
    now = utc_now()
    backup, manifest = backups.newest(store, now, float(os.environ["RPO_HOURS"]))
    found = service.count(manifest)
    if not found["records"]:
        raise backups.Unusable("the backup is empty: it proves nothing")
    seconds = service.practise(url, store, manifest) - began
    age = backups.hours(now - backups.moment_of(backup))
    return {"backup": backup, "ageHours": age, "restoreSeconds": round(seconds, 1), **found}


if __name__ == "__main__":
    run("drill", main)
