"""Threads: training and slow tasks, and the mailbox that takes their messages to the window."""
