"""Whether what is decoded is backed by data: density, round trip, stretch over a plane; the needle."""
