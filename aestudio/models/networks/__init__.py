"""Networks, one file each: `encoder(settings)` and `decoder(settings)` for the declaration of that name.

An encoder maps images (B, 1, 28, 28) in [0, 1] to features (B, F); a decoder maps codes (B, latent_size)
to logits (B, 1, 28, 28).
"""
