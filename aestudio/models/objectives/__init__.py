"""Objectives, one file each: `build(settings, features, latent_size)` for the declaration of that name."""
