"""PostgreSQL's log as a store has it: files of one size, named by timeline and place (src/include/access/xlog_internal.h)."""

import gzip
import os
import re

from backups import Unusable

#: A file of the log, or the history of a timeline; packed where the archive says so.
NAME = re.compile(r"(?P<file>[0-9A-F]{24}|[0-9A-F]{8}\.history)(?P<packed>\.gz)?")


def place_of(text):
    """`16/B374D848` as a number."""
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def number_of(file, size):
    """Which file of its timeline it is."""
    return int(file[8:16], 16) * (0x1_0000_0000 // size) + int(file[16:], 16)


def needed(written, begin, end, size):
    """Of the store's objects those between two places in the log, and what timelines came from."""
    first, last = place_of(begin) // size, place_of(end) // size + 1
    found = {}
    for name in written:
        match = NAME.fullmatch(name.rsplit("/", 1)[-1])
        if match is None:
            continue
        file = match["file"]
        if file.endswith(".history") or first <= number_of(file, size) <= last:
            found[file] = name
    return found


def holder(written, timeline, place, size):
    """The object that has a place of the log in it."""
    number = place_of(place) // size
    per = 0x1_0000_0000 // size
    file = f"{timeline:08X}{number // per:08X}{number % per:08X}"
    found = needed(written, place, place, size).get(file)
    if found is None:
        raise Unusable(f"the log ends before {place}: {file} is not in the store")
    return found


def fetch(store, found, folder, size):
    """Writes them as the server reads them."""
    for file, name in sorted(found.items()):
        data = store.get(name)
        try:
            data = gzip.decompress(data) if name.endswith(".gz") else data
        except (EOFError, OSError) as error:
            raise Unusable(f"{name} cannot be unpacked: {error}") from None
        if not file.endswith(".history") and len(data) != size:
            raise Unusable(f"{name} has {len(data)} bytes, not {size}: it is truncated, or another")
        with open(os.path.join(folder, file), "wb") as out:
            out.write(data)
