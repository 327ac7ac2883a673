"""PostgreSQL's full text search: ts_rank over a GIN index. Not its server (postgres_server.py)."""

from __future__ import annotations

from contextlib import ExitStack

import psycopg

from benchmarks.data import Corpus, JudgedNeed
from benchmarks.engines.port import Engine
from benchmarks.engines.postgres_server import Server
from benchmarks.query_words import any_of

CONFIGURATIONS = {"ar": "arabic", "fr": "french", "en": "english"}
"""Stemmer and stop words by language, as PostgreSQL brings them; 'simple' for any other."""
DROPPED = "DROP SCHEMA IF EXISTS tashbik_bench CASCADE"
MADE = f"""
{DROPPED};
CREATE SCHEMA tashbik_bench;
CREATE TABLE tashbik_bench.profiles (
    id text PRIMARY KEY, configuration regconfig, body text,
    words tsvector GENERATED ALWAYS AS (to_tsvector(configuration, body)) STORED
)"""
INDEXED = "CREATE INDEX ON tashbik_bench.profiles USING gin (words)"
ASKED = """
SELECT id FROM tashbik_bench.profiles, to_tsquery(%s::regconfig, %s) AS asked
WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC, id LIMIT %s"""


class PostgresFts(Engine):
    """A table with a stored tsvector, each profile in its own language's configuration."""

    def start(self) -> None:
        """Start or find the server and connect; one process a query, no compiled code, which short queries only wait for."""
        self._held = ExitStack()
        server = Server(self.folder)
        self._held.callback(server.stop)
        self._connection = self._held.enter_context(psycopg.connect(server.address, autocommit=True))
        self._connection.execute("SET max_parallel_workers_per_gather = 0")
        self._connection.execute("SET jit = off")

    def build(self, corpus: Corpus) -> None:
        """Copy all in, then index, so that the index is built in one go."""
        self._connection.execute(MADE)
        with self._connection.cursor().copy(
            "COPY tashbik_bench.profiles (id, configuration, body) FROM STDIN"
        ) as copying:
            for one in corpus.documents():
                copying.write_row((one.id, CONFIGURATIONS.get(one.language, "simple"), one.text))
        self._connection.execute(INDEXED)
        self._connection.execute("VACUUM ANALYZE tashbik_bench.profiles")

    def open(self) -> None:
        """The last use of the index: drop it afterwards, so that a server that was lent is left as it was."""
        self._held.callback(self._connection.execute, DROPPED)

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """The best by ts_rank of any of the words."""
        configuration = CONFIGURATIONS.get(need.language, "simple")
        found = self._connection.execute(ASKED, (configuration, any_of(need.text, " | ", "'"), limit))
        return [row[0] for row in found]

    def disk_bytes(self) -> int:
        """Table and indexes, without the server's own catalogues and log."""
        row = self._connection.execute("SELECT pg_total_relation_size('tashbik_bench.profiles')").fetchone()
        return int(row[0]) if row else 0

    def stop(self) -> None:
        """Disconnect and end a private server."""
        self._held.close()
