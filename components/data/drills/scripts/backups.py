"""What a backup is in its store: a folder named by its moment, with parts, and a manifest that is written last and says what they must be.

A folder without a manifest is a backup that somebody broke off: it is none.
"""

import datetime
import gzip
import hashlib
import json
import re

FORMAT = 1
MANIFEST = "manifest.json"
NAME = re.compile(r"\d{8}T\d{6}Z")
#: Bytes of records in a part, before they are packed: what a program needs in memory at once.
PART_BYTES = 8 * 1024 * 1024
#: How hard parts are packed: harder takes several times as long, and little less room.
LEVEL = 4
#: How far a clock of another machine may be ahead.
AHEAD = datetime.timedelta(minutes=5)


class Unusable(Exception):
    """A backup from which nothing can be restored, or none at all; says why."""


def name_of(moment):
    return moment.strftime("%Y%m%dT%H%M%SZ")


def moment_of(name):
    return datetime.datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)


class Writer:
    """Writes the parts of one backup, one after the other."""

    def __init__(self, store, backup):
        self.store = store
        self.backup = backup
        self.number = 0

    def write(self, records, kind):
        """Writes records, each of them bytes, and says what their parts are. Where it is broken off, the next call writes over what it wrote."""
        parts, held, size = [], [], 0
        for record in records:
            held.append(record)
            size += len(record)
            if size >= PART_BYTES:
                parts.append(self.write_part(self.number + len(parts), held, kind))
                held, size = [], 0
        if held:
            parts.append(self.write_part(self.number + len(parts), held, kind))
        self.number += len(parts)
        return parts

    def write_part(self, number, records, kind):
        name = f"{self.backup}/part-{number:06d}.{kind}.gz"
        data = gzip.compress(b"".join(records), compresslevel=LEVEL, mtime=0)
        self.store.put(name, data)
        return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "records": len(records)}


def read_part(store, part):
    """What a part has in it, where it is what its manifest says."""
    data = store.get(part["name"])
    if len(data) != part["bytes"]:
        raise Unusable(f"{part['name']} has {len(data)} bytes, not {part['bytes']}: it is truncated, or another")
    if hashlib.sha256(data).hexdigest() != part["sha256"]:
        raise Unusable(f"{part['name']} is not what was written: its checksum differs")
    return gzip.decompress(data)


def write_manifest(store, backup, manifest):
    text = json.dumps({"format": FORMAT, "backup": backup, **manifest}, ensure_ascii=False, sort_keys=True)
    sealed = {"manifest": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    store.put(f"{backup}/{MANIFEST}", json.dumps(sealed).encode())


def read_manifest(store, backup):
    try:
        sealed = json.loads(store.get(f"{backup}/{MANIFEST}"))
        text, checksum = sealed["manifest"], sealed["sha256"]
    except (ValueError, KeyError, TypeError):
        raise Unusable(f"the manifest of {backup} cannot be read") from None
    if hashlib.sha256(text.encode()).hexdigest() != checksum:
        raise Unusable(f"the manifest of {backup} is not what was written: its checksum differs")
    manifest = json.loads(text)
    if manifest["format"] != FORMAT:
        raise Unusable(f"{backup} is of format {manifest['format']}, and this program knows {FORMAT}")
    if manifest["backup"] != backup:
        raise Unusable(f"the manifest of {backup} is that of {manifest['backup']}")
    return manifest


def objects(store):
    """Names of all objects of backups, finished or not, by the backup's name, oldest first."""
    found = {}
    for name in store.names():
        backup = name.split("/")[0]
        if NAME.fullmatch(backup):
            found.setdefault(backup, []).append(name)
    return found


def finished(store):
    """Names of all backups that have been finished, oldest first."""
    return [backup for backup, names in objects(store).items() if f"{backup}/{MANIFEST}" in names]


def newest(store, now, most_hours):
    """The newest backup and its manifest, of which no more than these hours are lost."""
    known = finished(store)
    if not known:
        raise Unusable("there is no backup")
    backup = known[-1]
    manifest = read_manifest(store, backup)
    # The server was read from then on: what came later may be in none of it.
    age = now - moment_of(backup)
    if age > datetime.timedelta(hours=most_hours):
        raise Unusable(f"the newest backup, {backup}, is {hours(age)} hours old, more than {most_hours}")
    if age < -AHEAD:
        raise Unusable(f"the newest backup, {backup}, is of the future")
    return backup, manifest


def hours(age):
    return round(age.total_seconds() / 3600, 1)


def forget(store, now, keep_days):
    """Deletes what is older than that, but never the newest backup that is whole."""
    found, whole = objects(store), finished(store)
    gone = [
        backup
        for backup in found
        if backup not in whole[-1:] and now - moment_of(backup) > datetime.timedelta(days=keep_days)
    ]
    for backup in gone:
        # The manifest goes first: from then on it is no backup.
        for name in sorted(found[backup], key=lambda each: not each.endswith(MANIFEST)):
            store.delete(name)
    return gone
