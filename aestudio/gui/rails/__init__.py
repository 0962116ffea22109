"""What stands beside the view: the recipe and Start on the left, inspector and runs on the right."""
