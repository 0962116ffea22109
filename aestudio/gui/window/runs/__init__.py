"""The table of all kept runs, in a window of its own."""
