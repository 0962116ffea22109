"""The whole window driven by a script: its lateness, its start and its memory."""
