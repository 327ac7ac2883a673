"""SQLite's FTS5 with its bm25 ranking. Not a hybrid: it sees words only."""

from __future__ import annotations

import sqlite3

from benchmarks.data import Corpus, JudgedNeed
from benchmarks.engines.port import Engine
from benchmarks.query_words import any_of


class SqliteFts(Engine):
    """One FTS5 table in a file; the tokenizer takes accents off, which is all it offers."""

    tokenizer = "unicode61 remove_diacritics 2"

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "profiles.sqlite")

    def build(self, corpus: Corpus) -> None:
        """Insert all and merge the index into one segment."""
        connection = self._connect()
        connection.execute(
            f"CREATE VIRTUAL TABLE profiles USING fts5(id UNINDEXED, body, tokenize = '{self.tokenizer}')"
        )
        rows = ((one.id, one.text) for one in corpus.documents())
        connection.executemany("INSERT INTO profiles VALUES (?, ?)", rows)
        connection.execute("INSERT INTO profiles(profiles) VALUES ('optimize')")
        connection.commit()
        connection.close()

    def open(self) -> None:
        """Open the file."""
        self._connection = self._connect()

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """The best by bm25 of any of the words."""
        found = self._connection.execute(
            "SELECT id FROM profiles WHERE profiles MATCH ? ORDER BY rank LIMIT ?",
            (any_of(need.text, " OR ", '"'), limit),
        )
        return [row[0] for row in found]


class SqliteTrigrams(SqliteFts):
    """The same over sequences of three letters, which stand in for the stems that SQLite has only of English."""

    tokenizer = "trigram"
