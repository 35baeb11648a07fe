"""How ClickHouse is copied: the definition of each table, and its rows as the server packs them, with their number and the sum of their hashes.

Copies of a table hold the same, so one server of each shard is read; of tables that have no copies, each server that has them.
"""

import json
import os
import re
import time
import uuid

import backups
from clickhouse import LONG, Broken, Server, hashed_rows, name, text
from web import Refused

NAME = "clickhouse"
#: How often a table is read whose answer breaks off.
TURNS = 3
#: Seconds in which the server beside a drill answers.
STARTS = 120
#: Engines that keep rows themselves. Others show those of tables, or of somebody else: of them there is the definition alone.
KEEPING = re.compile(r"\w*MergeTree|(Tiny|Stripe)?Log|Memory")
#: The same engine where there is one server and no Keeper: without the path and the name by which copies know each other.
REPLICATED = re.compile(r"ENGINE = Replicated(\w*MergeTree)(\('(?:[^'\\]|\\.)*', '(?:[^'\\]|\\.)*'(?:, )?|\b)")
#: How what keeps no rows is made: again where it was on one server of several.
MADE = re.compile(r"^CREATE (\w+ )?(TABLE|VIEW|DICTIONARY) ")
#: Engines that keep rows which nobody reads by a query as they were, or writes again.
UNREAD = {"EmbeddedRocksDB", "Join", "KeeperMap", "Set", "TimeSeries"}
#: States, and paths of JSON, may come back in another order than they went, and be the same.
STATE = re.compile(r"(?<!Simple)AggregateFunction\(|\bJSON\b")
COLUMNS = "SELECT name, type FROM system.columns WHERE {} AND default_kind NOT IN ('ALIAS', 'EPHEMERAL') ORDER BY position"
OWN = "database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA') AND NOT is_temporary"


class Differs(Exception):
    """What came back is not what was there."""


class Table:
    """A table, or a view, as a manifest has it."""

    def __init__(self, told):
        self.told = told
        self.database, self.name = told["database"], told["name"]
        self.path = name(self.database, self.name)

    @property
    def keeps_rows(self):
        return "columns" in self.told

    @property
    def is_lonely(self):
        """Whether its rows are on one server alone."""
        return self.keeps_rows and REPLICATED.search(self.told["create"]) is None

    @property
    def is_view(self):
        return self.told["engine"] == "MaterializedView"

    @property
    def columns(self):
        return [each["name"] for each in self.told["columns"]]

    def hash(self):
        """Of one row, over all columns that come back byte by byte."""
        sure = [each["name"] for each in self.told["columns"] if STATE.search(each["type"]) is None]
        return f"cityHash64({packed(sure) if sure else text('')})"


def packed(columns):
    return f"formatRow('RowBinary', {', '.join(map(name, columns))})"


def count(content):
    tables = [table for server in content["servers"] for table in server["tables"]]
    return {"tables": len(tables), "records": sum(table.get("records", 0) for table in tables)}


def back_up(writer):
    shards, databases = known_shards(), os.environ["SERVICE_DATABASES"].split(",")
    servers = []
    for shard, copies in enumerate(shards):
        servers += back_up_shard(writer, shard, copies, databases)
    return {"version": version_of(shards), "databases": databases, "servers": servers}


def known_shards():
    """Servers, by the shard that they are copies of."""
    login = os.environ.get("SERVICE_LOGIN")
    return [[Server(url, login) for url in shard] for shard in json.loads(os.environ["SERVICE_SHARDS"])]


def version_of(shards):
    return next(server.one("SELECT version() AS version")["version"] for server in shards[0] if server.answers())


def back_up_shard(writer, shard, copies, databases):
    here = [number for number, server in enumerate(copies) if server.answers()]
    if not here:
        raise backups.Unusable(f"none of the {len(copies)} servers of shard {shard} answers")
    found, lead = [], here[0]
    tables_of = {copy: described(copies[copy], databases) for copy in here}
    require_alike(shard, tables_of)
    for copy, tables in tables_of.items():
        lonely = [table for table in tables if table.is_lonely]
        if lonely and len(here) < len(copies):
            raise backups.Unusable(f"{lonely[0].path} has no copies, and not every server of shard {shard} answers")
        chosen = tables if copy == lead else lonely
        if copy == lead or lonely:
            found.append({"shard": shard, "copy": copy, "tables": [read(writer, copies[copy], table) for table in chosen]})
    return found


def require_alike(shard, tables_of):
    """A copy that lacks tables is being made anew, or lost its volume: neither it nor its backup is whole."""
    copied = [{each.path for each in tables if each.keeps_rows and not each.is_lonely} for tables in tables_of.values()]
    apart = set.union(*copied) - set.intersection(*copied)
    if apart:
        raise backups.Unusable(f"{min(apart)} is not on every server of shard {shard} that answers")


def described(server, databases):
    """The tables of these databases on one server, with the columns of those that keep rows."""
    there = {each["name"] for each in server.rows("SELECT name FROM system.databases")}
    for database in databases:
        if database not in there:
            raise backups.Unusable(f"{server.url} has no database {database}")
    among = ", ".join(map(text, databases))
    wanted = "database, name, engine, toString(uuid) AS id, create_table_query AS told"
    # A view is made after the one that it shows.
    query = f"SELECT {wanted} FROM system.tables WHERE {OWN} AND database IN ({among})"
    found = server.rows(f"{query} ORDER BY metadata_modification_time, database, name")
    names = {(each["database"], each["name"]) for each in found}
    # What a view without a table of its own keeps is in a table that is made with it.
    return [described_table(server, each, names) for each in found if not each["name"].startswith(".inner")]


def described_table(server, row, names):
    if row["engine"] in UNREAD:
        raise backups.Unusable(f"{row['database']}.{row['name']} is of engine {row['engine']}, whose rows no backup has")
    own = (row["database"], f".inner_id.{row['id']}") in names
    told = {"database": row["database"], "name": row["name"], "engine": row["engine"], "create": row["told"]}
    if own or KEEPING.fullmatch(row["engine"]):
        where = f"database = {text(row['database'])} AND table = {text(row['name'])}"
        told["columns"] = server.rows(COLUMNS.format(where))
    return Table(told)


def read(writer, server, table):
    """All rows that one query finds, which are of one moment."""
    if not table.keeps_rows:
        return table.told
    query = f"SELECT {table.hash()}, {packed(table.columns)} FROM {table.path} FORMAT RowBinary"
    for turn in range(1, TURNS + 1):
        tally = Tally()
        try:
            parts = server.ask(query, 1, LONG, lambda answer, over=tally: writer.write(over.counted(hashed_rows(answer)), "rows"))
        except (Refused, Broken) as failure:
            print(f"{table.path}: {failure} (turn {turn})", flush=True)
            if turn == TURNS:
                raise
            continue
        return {**table.told, "records": tally.rows, "hash": tally.hash, "parts": parts}


class Tally:
    """Number of rows, and the sum of their hashes as ClickHouse's `sum` has it: their order is nobody's."""

    def __init__(self):
        self.rows, self.hash = 0, 0

    def counted(self, pairs):
        for number, row in pairs:
            self.rows += 1
            self.hash = (self.hash + number) % 2**64
            yield row


def restore(store, manifest):
    """Into the servers themselves: nobody writes to these tables before they are whole."""
    shards = known_shards()
    told = {server["shard"] for server in manifest["servers"]}
    if told != set(range(len(shards))):
        raise backups.Unusable(f"the backup is of {len(told)} shards, and there are {len(shards)}")
    for server in (each for shard in shards for each in shard):
        refuse_taken(server, manifest)
    # Whatever is broken is found before anything is made.
    for table in tables_of(manifest):
        for part in table.told.get("parts", []):
            backups.read_part(store, part)
    made = []
    for each in manifest["servers"]:
        copies, own = shards[each["shard"]], shards[each["shard"]][each["copy"]]
        for table in map(Table, each["tables"]):
            made.append((table, [own] if table.is_lonely else copies, own))
    # Views that hand on what is written come when it has been written.
    for wanted in (False, True):
        for table, servers, own in made:
            if table.keeps_rows and table.is_view == wanted:
                fill(store, table, servers, own)
    make_all([(table, servers) for table, servers, _ in made if not table.keeps_rows])
    for table, servers, _ in made:
        if table.keeps_rows:
            for server in servers:
                server.ask(f"SYSTEM START MERGES {merged(server, table)}")


def tables_of(manifest):
    return [Table(told) for server in manifest["servers"] for told in server["tables"]]


def refuse_taken(server, manifest):
    there = {(each["database"], each["name"]) for each in server.rows(f"SELECT database, name FROM system.tables WHERE {OWN}")}
    taken = [table.path for table in tables_of(manifest) if (table.database, table.name) in there]
    if taken:
        raise ValueError(f"{server.url} has {', '.join(taken[:5])} already: nothing is restored over it")


def fill(store, table, servers, own, create=None):
    """Makes a table on these servers, writes its rows by one of them, and compares. Until then none is put together with others, and none ends."""
    told = create or with_one_id(table.told["create"])
    for server in servers:
        server.ask(told, tries=1)
        server.ask(f"SYSTEM STOP MERGES {merged(server, table)}")
    into = f"{table.path} ({', '.join(map(name, table.columns))})"
    for part in table.told["parts"]:
        own.insert(into, backups.read_part(store, part))
    found = own.one(f"SELECT count() AS records, sum({table.hash()}) AS hash FROM {table.path}", LONG)
    for key, words in (("records", "number of rows"), ("hash", "sum of hashes")):
        if found[key] != table.told[key]:
            raise Differs(f"{table.path}: the {words} is {found[key]}, and was {table.told[key]}")


def merged(server, table):
    """The table in which a view keeps its rows, or the table itself."""
    if not table.is_view:
        return table.path
    where = f"database = {text(table.database)} AND name = {text(table.name)}"
    row = server.one(f"SELECT toString(uuid) AS id FROM system.tables WHERE {where}")
    return name(table.database, f".inner_id.{row['id']}")


def with_one_id(create):
    """Copies whose path has the table's number in it must have the same, on every server."""
    if "{uuid}" not in create:
        return create
    return create.replace(" (", f" UUID '{uuid.uuid4()}' (", 1)


def standalone(create):
    """The same table on a server that has no copies."""
    return REPLICATED.sub(lambda found: f"ENGINE = {found[1]}" + ("(" if found[2] else ""), create)


def make_all(wanted):
    """Makes what keeps no rows, each after what it shows: as long as any can be made."""
    while wanted:
        left, failures = [], []
        for table, servers in wanted:
            try:
                for server in servers:
                    server.ask(MADE.sub(r"CREATE \1\2 IF NOT EXISTS ", table.told["create"]), tries=1)
            except Refused as refused:
                left.append((table, servers))
                failures.append(refused)
        if len(left) == len(wanted):
            raise failures[0]
        wanted = left


def practise(url, store, manifest):
    """One server after the other, in a place that has room for one. Says when it was all there; then leaves the server as it was."""
    scratch = Server(url)
    scratch.wait(STARTS)
    if scratch.rows(f"SELECT name FROM system.tables WHERE {OWN}"):
        raise ValueError(f"{url} holds tables: it is no server of the drill's own")
    end = time.monotonic()
    for server in manifest["servers"]:
        for database in manifest["databases"]:
            scratch.ask(f"CREATE DATABASE {name(database)}")
        tables = [table for table in map(Table, server["tables"]) if table.keeps_rows]
        for table in sorted(tables, key=lambda each: each.is_view):
            fill(store, table, [scratch], scratch, standalone(table.told["create"]))
        end = time.monotonic()
        for database in manifest["databases"]:
            scratch.ask(f"DROP DATABASE {name(database)} SYNC")
    return end
