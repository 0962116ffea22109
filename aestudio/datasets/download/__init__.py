"""Fetches the published data sets over the network."""
