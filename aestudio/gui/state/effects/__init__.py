"""What follows from a change of the state: pure functions, tested without Qt and torch."""
