"""The parts of the Twins view: what they differ in, a column for each, one plot for all."""
