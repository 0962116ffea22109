"""Data support: density, decode-encode error and decoder sensitivity over a plane; the support of a code."""
