"""How Elasticsearch is copied: by snapshots of its own, on a schedule. What is here has one more taken, and counts before and after it.

Writers add documents all the time, and change none: an index of a snapshot has at least what was there before, and at most what was there after.
"""

import datetime
import os
import time
import urllib.parse

import backups
from elastic import Server
from s3 import utc_now

NAME = "elasticsearch"
#: Seconds in which the server beside a drill answers, in which a snapshot begins, and between two looks at one that is being taken.
STARTS = 300
BEGINS = float(os.environ.get("BEGINS", "60"))
PAUSE = float(os.environ.get("PAUSE", "5"))
#: Beside a manifest, an object called so and as the snapshot that it is about: written as soon as that has a name.
TAKEN = "taken-"


class Differs(Exception):
    """What came back is not what was there."""


def back_up(writer):
    """Has a snapshot taken, where the schedule has taken some as well, and says what it must hold."""
    server = Server(os.environ["SERVICE_URL"], os.environ.get("SERVICE_LOGIN"))
    repository, streams = os.environ["SNAPSHOT_REPOSITORY"], os.environ["SERVICE_STREAMS"]
    own = taken(writer.store)
    scheduled = [told for told in server.snapshots(repository) if told["snapshot"] not in own]
    newest(scheduled, utc_now(), float(os.environ["RPO_HOURS"]))
    before = server.counts(streams)
    name = server.take(os.environ["SNAPSHOT_POLICY"])
    writer.store.put(f"{writer.backup}/{TAKEN}{name}", b"")
    told = finished(server, repository, name)
    whole(told)
    after = server.counts(streams)
    # One that came or went meanwhile may be in it or not.
    missing = sorted(index for index in before if index in after and index not in told["indices"])
    if missing:
        raise backups.Unusable(f"{name} lacks {', '.join(missing)}")
    # What only a snapshot saw was there for less than that took: nobody can say what it held.
    seen = [index for index in told["indices"] if index in before or index in after]
    bounds = {index: {"least": before.get(index, 0), "most": after.get(index)} for index in seen}
    return {"snapshot": {"name": name, "uuid": told["uuid"]}, "indices": bounds}


def taken(store):
    """Names of snapshots that this program has had taken, also where it failed then: they say nothing of the schedule."""
    parts = [name.split("/", 1)[1] for held in backups.objects(store).values() for name in held]
    return {part.removeprefix(TAKEN) for part in parts if part.startswith(TAKEN)}


def finished(server, repository, name):
    """Waits for a snapshot as long as its job may. It is begun after it was answered for."""
    end = time.monotonic() + BEGINS
    while True:
        told = server.snapshot(repository, name)
        if told is None and time.monotonic() > end:
            raise backups.Unusable(f"{name} was never begun: Elasticsearch's log says why")
        if told is not None and told["state"] != "IN_PROGRESS":
            return told
        time.sleep(PAUSE)


def whole(told):
    """Refuses a snapshot that is not, or holds nothing."""
    name, shards = told["snapshot"], told["shards"]
    if told["state"] != "SUCCESS" or shards["failed"] or shards["successful"] != shards["total"]:
        why = "; ".join(f"{each['index']}: {each['reason']}" for each in told.get("failures", [])[:3])
        raise backups.Unusable(f"{name} is {told['state']}, with {shards['failed']} of {shards['total']} parts failed. {why}".rstrip())
    if not told["indices"]:
        raise backups.Unusable(f"{name} has no index in it: it restores nothing")


def count(content):
    bounds = content["indices"].values()
    return {"indices": len(bounds), "records": sum(each["least"] for each in bounds)}


def restore(_store, _manifest):
    raise NotImplementedError("snapshots are restored by Elasticsearch itself: docs/elasticsearch.md")


def practise(url, _store, manifest):
    """One index after the other, in a place that has room for one. Says when it was all there; then leaves the server as it was."""
    scratch, repository = Server(url), os.environ["SNAPSHOT_REPOSITORY"]
    scratch.wait(STARTS)
    scratch.register(repository, repository_of(os.environ))
    wanted = manifest["snapshot"]
    found = [told for told in scratch.snapshots(repository) if told["snapshot"] == wanted["name"] and told["uuid"] == wanted["uuid"]]
    if not found:
        raise backups.Unusable(f"the store has no snapshot {wanted['name']} any more, or another of that name")
    whole(found[0])
    end = time.monotonic()
    for index, bounds in sorted(manifest["indices"].items()):
        bring_back(scratch, repository, wanted["name"], index, bounds)
        end = time.monotonic()
        scratch.delete(index)
    return end


def repository_of(environment):
    """The same folder as Elasticsearch's own, of which nothing is written here."""
    settings = {"base_path": environment["SNAPSHOT_FOLDER"], "readonly": True}
    if environment["STORE_KIND"] == "s3":
        return {"type": "s3", "settings": {**settings, "bucket": environment["STORE_BUCKET"]}}
    container = urllib.parse.urlsplit(environment["STORE_URL"]).path.strip("/")
    return {"type": "azure", "settings": {**settings, "container": container}}


def newest(known, now, most_hours):
    """Refuses snapshots of which the newest good one leaves more lost than was promised. What was written after it began may be in none."""
    good = [told["start_time_in_millis"] for told in known if told["state"] == "SUCCESS"]
    if not good:
        raise backups.Unusable(f"of {len(known)} snapshots that were taken on schedule none is good")
    age = now - datetime.datetime.fromtimestamp(max(good) / 1000, datetime.timezone.utc)
    if age > datetime.timedelta(hours=most_hours):
        raise backups.Unusable(f"the newest good snapshot on schedule is {backups.hours(age)} hours old, more than {most_hours}")


def bring_back(scratch, repository, name, index, bounds):
    shards = scratch.restore(repository, name, index)
    if shards["failed"] or not shards["total"]:
        raise Differs(f"{index}: {shards['failed']} of {shards['total']} parts did not come back")
    found = scratch.counts(index).get(index)
    least, most = bounds["least"], bounds["most"]
    if found is None or found < least or (most is not None and found > most):
        raise Differs(f"{index}: {found} documents came back, and there were {least} to {most}")
    answered, silent = scratch.search(index)
    if silent or (found and not answered):
        raise Differs(f"{index}: a search finds {answered} of {found} documents, and {silent} parts say nothing")
