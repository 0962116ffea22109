"""What is claimed about speed, measured: `python -m benchmarks` (benchmarks/README.md)."""
