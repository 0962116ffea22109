"""Networks, one folder each: config.py declares settings and the lists of layers of encoder and decoder.

A network whose layers are not among those of `aestudio.layers` adds its own kinds of layers in its folder.
"""
