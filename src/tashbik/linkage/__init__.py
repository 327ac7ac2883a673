"""From needs to explained links: the index port and its engines, verdicts, ranking, explanation."""
