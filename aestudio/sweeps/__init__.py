"""Sweeps: many trainings of one recipe whose settings vary, cross-validated, as ordinary kept runs. No Qt."""
