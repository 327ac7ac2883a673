"""Quality and speed of Tashbik beside its peers, on the same data in one run. Not part of the installed package."""
