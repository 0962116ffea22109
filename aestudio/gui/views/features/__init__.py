"""The Features view and its parts."""
