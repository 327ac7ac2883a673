"""The officer's queue of submissions, and the history of records."""
