"""Small parts of the window. They know nothing of training or files: setters in, signals out."""
