"""The Reconstruct view and its parts."""
