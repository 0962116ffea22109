"""Run folders: recording, resuming, branching, and the list of kept runs."""
