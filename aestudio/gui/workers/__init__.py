"""Threads: training and slow tasks, and the mailbox in which they leave messages."""
