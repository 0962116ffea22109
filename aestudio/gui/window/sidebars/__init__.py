"""The sidebars: recipe and Start on the left, inspector and runs on the right."""
