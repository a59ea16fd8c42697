"""Makes many clusters out of the one that a portal really created: every row of it, under other ids and names."""

import sqlite3
import sys

database, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = sqlite3.connect(database)
store.row_factory = sqlite3.Row
store.execute("pragma foreign_keys = off")


def columns(table):
    return [row["name"] for row in store.execute(f"pragma table_info({table})")]


tables = [row["name"] for row in store.execute("select name from sqlite_master where type = 'table'")]
of_a_cluster = [table for table in tables if "cluster" in columns(table) and table not in ("event", "sample", "sample_folded")]
(model,) = store.execute("select * from cluster where name = ?", (name,)).fetchall()


def copy(table, key, number):
    """What names the cluster or must be unique becomes the copy's own; all else stays as it was written."""
    for row in store.execute(f"select * from {table} where {key} = ?", (model["id"],)).fetchall():
        values = dict(row)
        values[key] = f"00000000-0000-7000-8000-{number:012x}"
        if key != "id" and "id" in values:
            values["id"] = f"{values['id'][:-10]}{number:010x}"
        for column, value in (
            ("name", f"bench-{number:05}"),
            ("idempotency_key", None),
        ):
            if column in values:
                values[column] = value
        marks = ", ".join("?" * len(values))
        store.execute(f"insert into {table} ({', '.join(values)}) values ({marks})", list(values.values()))


with store:
    for number in range(1, count + 1):
        copy("cluster", "id", number)
        for table in of_a_cluster:
            copy(table, "cluster", number)
