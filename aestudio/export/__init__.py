"""What leaves the program as a file, one file per kind."""
