"""Attacks on the program, to be repeated: what they found is in docs/reliability.md."""
