"""The application: Django models, the use-case verbs and the read queries. Not pages, not the HTTP API (web), not commands (cli)."""
