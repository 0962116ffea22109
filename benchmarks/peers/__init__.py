"""Other libraries that train the same models, in their released versions and a separate environment.

The interpreter of that environment (`environment.py`) runs the scripts of this folder. They may import the
library, torch, torchvision and `benchmarks`, but nothing of AE Studio.
"""
