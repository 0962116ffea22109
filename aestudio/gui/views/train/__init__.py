"""The Train view."""
