"""The Network view and its parts."""
