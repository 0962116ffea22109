"""The training loop as a generator: a run goes in, events come out. No Qt, no callbacks, no files."""
