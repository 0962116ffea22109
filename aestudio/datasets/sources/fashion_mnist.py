"""Fashion-MNIST (Xiao, Rasul, Vollgraf 2017)."""

from __future__ import annotations

from aestudio.datasets.published import published_source
from aestudio.datasets.published_set import Published

FASHION_MNIST = Published(
    "fashion-mnist",
    "Fashion-MNIST",
    ("T-shirt", "Trousers", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    "FashionMNIST",
)
SOURCE = published_source(FASHION_MNIST, "70,000 images of clothes, ten kinds; 31 MB to download", order=30)
