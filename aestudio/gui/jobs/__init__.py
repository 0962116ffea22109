"""Threads: training, slow tasks, questions to a snapshot. What goes in and comes out is frozen."""
