"""Readers of the file formats that the program keeps: every size is checked before memory is taken.

One reader for each format. A file that is damaged, of another kind or too large is one StudioError that
names it. What the operating system refuses stays an OSError: callers read inside `data.problems.reading`.
"""
