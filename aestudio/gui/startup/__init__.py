"""What must happen before and right after the first frame: platform checks and imports."""
