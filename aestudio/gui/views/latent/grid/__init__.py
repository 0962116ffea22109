"""Parts of the grid panel."""
