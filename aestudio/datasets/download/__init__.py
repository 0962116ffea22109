"""Downloads the published data sets over the network."""
