"""Images and labels: what a data set is, where it comes from, and how it is split. No torch."""
