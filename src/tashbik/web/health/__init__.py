"""Whether the site is well, for machines."""
