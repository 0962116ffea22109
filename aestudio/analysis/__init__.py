"""Questions asked of a snapshot: codes, traversals, projections, probes, metrics. Needs torch."""
