"""Models that the contract must hold without bending, each added by its own files only.

They lie here as a user would write them: folders in networks/ and objectives/. The tests put them into the
user's folder, agree to them, and let them go through everything that a shipped model goes through.
"""
