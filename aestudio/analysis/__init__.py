"""What is computed about a model: projections, traversals, attributes, metrics, probes. Needs torch."""
