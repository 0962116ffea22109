"""Networks, one folder each: config.py declares settings and layers without torch, module.py builds them.

An encoder maps images (B, 1, 28, 28) in [0, 1] to features (B, F); a decoder maps codes (B, latent_size) to
logits (B, 1, 28, 28).
"""
