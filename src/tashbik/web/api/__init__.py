"""The HTTP API, version 1: it translates between JSON and the exchange's verbs and queries, under a token's role. See docs/api.md."""
