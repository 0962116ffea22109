"""The Compress view and its parts."""
