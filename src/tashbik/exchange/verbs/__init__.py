"""The use-case verbs, by area: every mutation of the exchange. Importing this package registers all of them."""
