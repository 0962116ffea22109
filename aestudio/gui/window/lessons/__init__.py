"""The panel in which a lesson is given."""
