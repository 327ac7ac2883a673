"""Pages, HTTP API and Django settings. They only translate: parse, call a verb or a query, render. No rule of the exchange lives here."""
