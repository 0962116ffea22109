"""The panels under the map, one file each."""
