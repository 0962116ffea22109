"""A trained model, numpy in and numpy out: encode, decode, codes of a whole data set. Needs torch."""
