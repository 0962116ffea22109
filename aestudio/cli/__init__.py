"""The program without a window; the same engine, one file per command."""
