"""Terms of the glossary about models, codes and the latent space."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.glossary_term import Term

translate = QCoreApplication.translate

CODE_TERMS = (
    Term(
        "active_dimension",
        lambda: translate("glossary", "Active dimension"),
        lambda: translate(
            "glossary",
            "A latent dimension that the model uses: the mean code of it varies from image to image, with a "
            "variance above 0.01 (Burda et al. 2016).",
        ),
    ),
    Term(
        "attribute_vector",
        lambda: translate("glossary", "Attribute vector"),
        lambda: translate(
            "glossary",
            "The difference of the mean codes of two groups of images: added to a code, it changes what the "
            "groups differ in.",
        ),
    ),
    Term(
        "autoencoder",
        lambda: translate("glossary", "Autoencoder"),
        lambda: translate(
            "glossary",
            "A network that turns an image into a few numbers, its code, and learns to restore the image "
            "from them.",
        ),
    ),
    Term(
        "code",
        lambda: translate("glossary", "Code"),
        lambda: translate(
            "glossary",
            "The numbers that the encoder makes of an image, and from which the decoder restores it.",
        ),
    ),
    Term(
        "codebook",
        lambda: translate("glossary", "Codebook"),
        lambda: translate(
            "glossary",
            "A learned list of vectors, its entries: a code of a VQ-VAE says for each place which entry "
            "stands there (van den Oord et al. 2017).",
        ),
    ),
    Term(
        "collapsed",
        lambda: translate("glossary", "Collapsed dimension"),
        lambda: translate(
            "glossary",
            "A latent dimension that tells nothing about the image, because its posterior is the prior for "
            "every image: moving its slider changes hardly anything.",
        ),
    ),
    Term(
        "condition",
        lambda: translate("glossary", "Condition"),
        lambda: translate(
            "glossary",
            "What a conditional model is told besides the image or the code, for example the class: the code "
            "needs to say only the rest, the style.",
        ),
    ),
    Term(
        "data_support",
        lambda: translate("glossary", "Data support"),
        lambda: translate(
            "glossary",
            "How typical a code is of the codes of the test images: the decoded image of an unsupported one "
            "is invented.",
        ),
    ),
    Term(
        "decode_encode_error",
        lambda: translate("glossary", "Decode-encode error"),
        lambda: translate(
            "glossary",
            "How far a code is from the code of its own decoded image: large where the decoder shows images "
            "that the encoder reads otherwise.",
        ),
    ),
    Term(
        "decoder",
        lambda: translate("glossary", "Decoder"),
        lambda: translate("glossary", "The part of the network that makes an image of a code."),
    ),
    Term(
        "decoder_sensitivity",
        lambda: translate("glossary", "Decoder sensitivity"),
        lambda: translate(
            "glossary", "How much the decoded image changes for a small step in the latent space."
        ),
    ),
    Term(
        "density",
        lambda: translate("glossary", "Density"),
        lambda: translate(
            "glossary",
            "How many codes of images there are around a place of the map, as a probability density.",
        ),
    ),
    Term(
        "encoder",
        lambda: translate("glossary", "Encoder"),
        lambda: translate("glossary", "The part of the network that makes a code of an image."),
    ),
    Term(
        "geodesic",
        lambda: translate("glossary", "Geodesic"),
        lambda: translate(
            "glossary",
            "Of all paths between two codes, the one on which the decoded image changes least on the way.",
        ),
    ),
    Term(
        "interpolation",
        lambda: translate("glossary", "Interpolation"),
        lambda: translate("glossary", "The images that are decoded on the way from one code to another."),
    ),
    Term(
        "latent_dimension",
        lambda: translate("glossary", "Latent dimension"),
        lambda: translate("glossary", "One of the numbers of a code: z1, z2 and so on; it has a slider."),
    ),
    Term(
        "latent_space",
        lambda: translate("glossary", "Latent space"),
        lambda: translate(
            "glossary",
            "The space of all codes: each point of it can be decoded, also between those of images.",
        ),
    ),
    Term(
        "levels",
        lambda: translate("glossary", "Levels of a code"),
        lambda: translate(
            "glossary",
            "A code in groups: what the level above says decides what is expected of the level below, so "
            "that a few numbers shape the whole image and others its details (Sønderby et al. 2016).",
        ),
    ),
    Term(
        "mixture_prior",
        lambda: translate("glossary", "Gaussian mixture as prior"),
        lambda: translate(
            "glossary",
            "Several Gaussians instead of one, so that codes come in groups; the model says of each image "
            "how likely it belongs to each of them (Jiang et al. 2017).",
        ),
    ),
    Term(
        "pca",
        lambda: translate("glossary", "Principal component (PC)"),
        lambda: translate(
            "glossary",
            "A direction in which the codes vary most: the first has the largest variance, each further one "
            "the largest of what is left.",
        ),
    ),
    Term(
        "normalising_flow",
        lambda: translate("glossary", "Normalising flow"),
        lambda: translate(
            "glossary",
            "Maps that can be inverted, one after the other, which give a simple distribution another "
            "shape; the logarithm of their determinant says how much they stretch it (Rezende & Mohamed "
            "2015).",
        ),
    ),
    Term(
        "posterior",
        lambda: translate("glossary", "Posterior"),
        lambda: translate(
            "glossary",
            "The distribution of codes that the encoder of a VAE gives for one image: a mean and a standard "
            "deviation for each dimension.",
        ),
    ),
    Term(
        "prior",
        lambda: translate("glossary", "Prior"),
        lambda: translate(
            "glossary",
            "The distribution of codes before any image is known, in a VAE the standard normal one: codes "
            "drawn from it should decode to plausible images.",
        ),
    ),
    Term(
        "sample",
        lambda: translate("glossary", "Sample"),
        lambda: translate(
            "glossary",
            "A code that is drawn at random from the prior or from a mixture, and its decoded image.",
        ),
    ),
    Term(
        "temperature",
        lambda: translate("glossary", "Temperature"),
        lambda: translate(
            "glossary",
            "How widely samples are drawn: at 1 as the prior is, below 1 nearer to its middle, where images "
            "are cleaner and less varied.",
        ),
    ),
    Term(
        "traversal",
        lambda: translate("glossary", "Traversal"),
        lambda: translate(
            "glossary", "The images that are decoded while one latent dimension moves and the others stay."
        ),
    ),
    Term(
        "tsne",
        lambda: translate("glossary", "t-SNE"),
        lambda: translate(
            "glossary",
            "A map in two dimensions that keeps neighbours together; distances between groups and their "
            "sizes mean little (van der Maaten & Hinton 2008).",
        ),
    ),
    Term(
        "umap",
        lambda: translate("glossary", "UMAP"),
        lambda: translate(
            "glossary",
            "A map in two dimensions that keeps neighbours together, faster than t-SNE; distances between "
            "groups mean little (McInnes et al. 2018).",
        ),
    ),
    Term(
        "vae",
        lambda: translate("glossary", "VAE"),
        lambda: translate(
            "glossary",
            "A variational autoencoder: its encoder gives a distribution of codes, held near a prior, so "
            "that codes drawn from the prior can be decoded (Kingma & Welling 2013).",
        ),
    ),
)
