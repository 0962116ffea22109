"""What a view can ask of a snapshot, one file a subject; answered on the inference thread."""
