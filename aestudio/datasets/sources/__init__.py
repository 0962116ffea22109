"""Sources of data sets, one file each: a module here that exports SOURCE is a new data set."""
