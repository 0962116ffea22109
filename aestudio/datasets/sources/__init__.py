"""Sources of data sets, one file each.

SOURCE of a module here is a data set with a name, or a form of the user's own data.
"""
