"""ClickHouse's HTTP interface: what a backup reads and a restore writes.

https://clickhouse.com/docs/interfaces/http
"""

import json
import os
import ssl
import time
import urllib.parse
import urllib.request

from web import TRIES, Refused, read_whole, send

#: The longest silence, in seconds: of a short question, and of one about all rows of a table, which says nothing before it knows.
SOON = 60
LONG = 3600
#: Bytes of an answer that are read at once.
CHUNK = 1024 * 1024
#: In front of each row: what it hashes to, 8 bytes of a number.
HASH = 8
#: Rows come back as they were: none is taken for one that is there already, or put together with others, as engines of tables do sooner or later.
AS_THEY_ARE = {
    "insert_deduplicate": "0",
    "optimize_on_insert": "0",
    "async_insert": "0",
    "insert_allow_materialized_columns": "1",
    "max_partitions_per_insert_block": "0",
}


class Broken(Exception):
    """An answer that ends in the middle of a row."""


class Server:
    def __init__(self, url, login=None):
        """
        :param login: folder with `username`, `password` and, of who vouches for the server, `ca.crt`
        """
        self.url = url
        self.headers = {}
        self.context = None
        if login is not None:
            self.headers = {"X-ClickHouse-User": text_of(login, "username"), "X-ClickHouse-Key": text_of(login, "password")}
            self.context = ssl.create_default_context(cafile=os.path.join(login, "ca.crt"))

    def ask(self, query, tries=TRIES, seconds=SOON, take=read_whole):
        return self.call({}, query.encode(), tries, seconds, take)

    def rows(self, query, seconds=SOON):
        return [json.loads(line) for line in self.ask(f"{query} FORMAT JSONEachRow", seconds=seconds).splitlines()]

    def one(self, query, seconds=SOON):
        [row] = self.rows(query, seconds)
        return row

    def insert(self, into, data):
        """Once: who hears no answer does not know what is there."""
        self.call({"query": f"INSERT INTO {into} FORMAT RowBinary", **AS_THEY_ARE}, data, 1, LONG, read_whole)

    def call(self, query, data, tries, seconds, take):
        # Of 64-bit numbers others would make a text, or lose their last digits.
        settings = urllib.parse.urlencode({**query, "output_format_json_quote_64bit_integers": "0"})

        def request():
            return urllib.request.Request(f"{self.url}/?{settings}", data=data, method="POST", headers=self.headers)

        return send(request, tries, seconds=seconds, context=self.context, take=take)

    def answers(self):
        try:
            self.ask("SELECT 1", tries=2)
        except Refused as refused:
            print(refused, flush=True)
            return False
        return True

    def wait(self, seconds):
        """Until it answers: a server beside this program starts when it does."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.ask("SELECT 1", tries=1)
            except Refused:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)


def text_of(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read().strip()


def hashed_rows(stream):
    """Hash and bytes of each row of `SELECT hash, row ... FORMAT RowBinary`. A server that fails on the way leaves the answer without its end."""
    rest = b""
    while True:
        more = stream.read(CHUNK)
        data, at = rest + more, 0
        while (bounds := bounds_of(data, at)) is not None:
            start, end = bounds
            yield int.from_bytes(data[at : at + HASH], "little"), data[start:end]
            at = end
        rest = data[at:]
        if not more:
            break
    if rest:
        raise Broken(f"the answer ends with {len(rest)} bytes of a row")


def bounds_of(data, at):
    """Where the text begins and ends that has its length in front, in seven bits of each byte; None where not all of it is there."""
    position, length, shift = at + HASH, 0, 0
    while position < len(data):
        byte = data[position]
        position += 1
        length |= (byte & 127) << shift
        if byte < 128:
            return (position, position + length) if position + length <= len(data) else None
        shift += 7
    return None


def name(*parts):
    return ".".join("`" + escaped(part, "`") + "`" for part in parts)


def text(value):
    return "'" + escaped(value, "'") + "'"


def escaped(value, quote):
    return value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
