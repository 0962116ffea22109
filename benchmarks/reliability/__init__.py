"""Attacks on the program: what it must survive, each run as a process of its own."""
