"""What is kept: the run folder, autosave, resume, export. Files are written nowhere else."""
