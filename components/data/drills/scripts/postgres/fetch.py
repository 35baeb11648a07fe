"""First half of the drill of PostgreSQL: makes a folder from which a server starts of the newest base backup and the log up to a manifest."""

import datetime
import json
import os
import time

import backups
import bases
import log
from report import run
from s3 import utc_now
from stores import open_store

#: The server listens in the pod's own folder and nowhere else.
#: It ends where the log does not reach the place, and takes nobody in before it has come there.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{run}'
hba_file = '{settings}/pg_hba.conf'
ident_file = '{settings}/pg_ident.conf'
restore_command = 'cp "{log}/%f" "%p"'
recovery_target_lsn = '{lsn}'
recovery_target_inclusive = off
recovery_target_timeline = '{timeline}'
recovery_target_action = promote
hot_standby = off
archive_mode = off
max_prepared_transactions = 100
"""


def choose(store, manifests, environment, now):
    """The newest manifest, the backup below it, and how long the log needed to be safe."""
    name, manifest = backups.newest(manifests, now, float(environment["MANIFEST_HOURS"]))
    if not any(table["rows"] for tables in manifest["databases"].values() for table in tables):
        raise backups.Unusable("no table had a row: that proves nothing, and restores nothing")
    server = environment["SERVER_NAME"]
    backup = bases.newest(server, manifest["lsn"], now, float(environment["BACKUP_HOURS"]))
    written = dict(store.listed(f"{server}/wals/"))
    holder = log.holder(written, manifest["timeline"], manifest["lsn"], manifest["segment"])
    delay = (written[holder] - datetime.datetime.fromisoformat(manifest["moment"])).total_seconds()
    most = 60 * float(environment["RPO_MINUTES"])
    if delay > most:
        raise backups.Unusable(f"what was written was safe after {delay:.0f} seconds, more than the {most:.0f} of the RPO")
    found = log.needed(written, backup["begin_xlog"], manifest["lsn"], manifest["segment"])
    return {"manifest": name, "backup": backup["backup_id"], "logDelaySeconds": round(max(delay, 0.0), 1)}, manifest, found


def prepare(folder, manifest):
    """Makes of a backup what starts as a server of the drill's own, with nothing of the first one's configuration."""
    data = os.path.join(folder, "data")
    for name in ("standby.signal", "postmaster.pid", "postmaster.opts"):
        if os.path.lexists(os.path.join(data, name)):
            os.remove(os.path.join(data, name))
    # Instances have their log on a volume of its own, behind a link.
    own = os.path.join(data, "pg_wal")
    if os.path.islink(own):
        os.remove(own)
    os.makedirs(own, mode=0o700, exist_ok=True)
    for name in ("recovery.signal", "postgresql.auto.conf"):
        with open(os.path.join(data, name), "w", encoding="ascii"):
            pass
    os.chmod(data, 0o700)
    places = {name: os.path.join(folder, name) for name in ("run", "settings", "log")}
    texts = {
        "postgresql.conf": CONFIGURATION.format(**places, lsn=manifest["lsn"], timeline=manifest["timeline"]),
        "pg_hba.conf": "local all all trust\n",
        "pg_ident.conf": "",
    }
    for name, text in texts.items():
        with open(os.path.join(places["settings"], name), "w", encoding="ascii") as file:
            file.write(text)


def main():
    began, folder = time.time(), os.environ["SCRATCH"]
    store, server = open_store(), os.environ["SERVER_NAME"]
    manifests = open_store({**os.environ, "STORE_FOLDER": os.environ["MANIFEST_FOLDER"]})
    plan, manifest, found = choose(store, manifests, os.environ, utc_now())
    for name in ("data", "run", "settings", "log"):
        os.mkdir(os.path.join(folder, name), 0o700)
    bases.restore(server, plan["backup"], os.path.join(folder, "data"))
    log.fetch(store, found, os.path.join(folder, "log"), manifest["segment"])
    prepare(folder, manifest)
    with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as file:
        json.dump({"began": began, "plan": plan, "manifest": manifest}, file)
    return {**plan, "log": len(found)}


if __name__ == "__main__":
    run("fetch", main)
