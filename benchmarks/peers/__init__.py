"""Other libraries training the same models, each from its released package in an environment of its own.

A script here is run by that environment's interpreter (`environment.py`); it may import the library,
torch, torchvision and `benchmarks`, and nothing of AE Studio.
"""
