"""Reliability tests: killed processes, damaged and oversized files, random input, and their results."""
