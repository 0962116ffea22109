"""Files and locks: atomic writes, one strict reader for each format, operating system errors as sentences."""
