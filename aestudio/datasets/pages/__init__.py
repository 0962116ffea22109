"""Pages with many digits: the paper evened, frames and lines removed, each digit an image of its own."""
