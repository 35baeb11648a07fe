"""Backs a data service up: everything that it holds, to the store."""

import os

import backups
from report import run
from s3 import utc_now
from services import the_service
from stores import open_store


def main():
    store, service = open_store(), the_service()
    start = utc_now()
    backup = backups.name_of(start)
    content = service.back_up(backups.Writer(store, backup))
    manifest = {"service": service.NAME, "started": start.isoformat(), "finished": utc_now().isoformat(), **content}
    backups.write_manifest(store, backup, manifest)
    gone = backups.forget(store, utc_now(), int(os.environ["KEEP_DAYS"]))
    seconds = round((utc_now() - start).total_seconds(), 1)
    return {"backup": backup, **service.count(content), "seconds": seconds, "forgotten": gone}


if __name__ == "__main__":
    run("backup", main)
