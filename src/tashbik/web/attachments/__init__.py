"""Files of records: adding, removing, and handing them out by signed links."""
