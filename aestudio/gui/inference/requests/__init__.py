"""The requests of the views to a snapshot, one file per topic; computed on the inference thread."""
