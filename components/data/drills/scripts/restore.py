"""Restores a backup of a data service: what is there already is left alone, and stands in the way."""

import sys

import backups
from report import run
from services import the_service
from stores import open_store


def main():
    store, service = open_store(), the_service()
    known = backups.finished(store)
    if len(sys.argv) != 2 or sys.argv[1] not in known:
        raise backups.Unusable(f"name one of {', '.join(known) or 'none: there is no backup'}")
    manifest = backups.read_manifest(store, sys.argv[1])
    found = service.count(manifest)
    if not found["records"]:
        raise backups.Unusable("the backup is empty: it restores nothing")
    service.restore(store, manifest)
    return {"backup": sys.argv[1], **found}


if __name__ == "__main__":
    run("restore", main)
