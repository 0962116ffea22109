"""The parts of the Latent view: picture and sliders, map, plane and morph."""
