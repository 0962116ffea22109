"""What the user wants done, one controller a subject."""
