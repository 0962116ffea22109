"""What the program keeps when it is treated badly: attacks that are repeated, and their figures."""
