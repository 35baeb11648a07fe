"""Base backups in the store, by the tools that the operator's plugin makes them with: barman-cloud, which knows what is in its folder."""

import datetime
import json
import os
import subprocess
import sys

from backups import AHEAD, Unusable, hours
from log import place_of


def run(tool, *arguments):
    """What a tool says, which is beside the interpreter of this program."""
    program = os.path.join(os.path.dirname(sys.executable), f"barman-cloud-{tool}")
    ended = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        said = (ended.stderr.strip() or ended.stdout.strip()).splitlines()[-1:]
        raise Unusable(f"barman-cloud-{tool} ended with {ended.returncode}: {''.join(said)}")
    return ended.stdout


def place(environment=os.environ):
    """Where they are, as the tools are told; on Azure the pod's own identity is among the logins that they try by themselves."""
    folder = environment["STORE_FOLDER"]
    if environment["STORE_KIND"] == "blob":
        return ["--cloud-provider", "azure-blob-storage", "--azure-credential", "default", f"{environment['STORE_URL']}/{folder}"]
    endpoint = environment.get("STORE_ENDPOINT")
    own = [] if endpoint is None else ["--endpoint-url", endpoint]
    return [*own, f"s3://{environment['STORE_BUCKET']}/{folder}"]


def newest(server, until, now, most_hours):
    """The newest backup that was done before a place in the log; none of the store's may be newer than that and all too old."""
    listed = json.loads(run("backup-list", "--format", "json", *place(), server))["backups_list"]
    known = sorted((each for each in listed if each["status"] == "DONE"), key=lambda each: place_of(each["end_xlog"]))
    if not known:
        raise Unusable("there is no base backup")
    usable = [each for each in known if place_of(each["end_xlog"]) <= place_of(until)]
    if not usable:
        raise Unusable(f"no base backup was done before the manifest's {until}")
    age = now - datetime.datetime.fromisoformat(known[-1]["end_time_iso"])
    if age > datetime.timedelta(hours=most_hours):
        raise Unusable(f"the newest base backup, {known[-1]['backup_id']}, is {hours(age)} hours old, more than {most_hours}")
    if age < -AHEAD:
        raise Unusable(f"the newest base backup, {known[-1]['backup_id']}, is of the future")
    return usable[-1]


def restore(server, backup, folder):
    run("restore", *place(), server, backup, folder)
