"""What the window says of a training that was sabotaged on purpose."""
