"""Terms of the glossary about training and its numbers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.glossary_term import Term

translate = QCoreApplication.translate

TRAINING_TERMS = (
    Term(
        "attention",
        lambda: translate("glossary", "Attention"),
        lambda: translate(
            "glossary",
            "Each row of a sequence, such as a patch of an image, takes from the others what resembles "
            "what it looks for (Vaswani et al. 2017).",
        ),
    ),
    Term(
        "augmentation",
        lambda: translate("glossary", "Augmentation"),
        lambda: translate(
            "glossary",
            "Random changes of the training images before every step, so that the model learns what stays "
            "the same; validation and measurements see the images as they are.",
        ),
    ),
    Term(
        "autoregressive",
        lambda: translate("glossary", "Autoregressive"),
        lambda: translate(
            "glossary",
            "Each number is predicted from those before it, so that the product of all predictions is the "
            "exact probability of an image.",
        ),
    ),
    Term(
        "batch",
        lambda: translate("glossary", "Batch"),
        lambda: translate(
            "glossary",
            "The images from which one step computes its gradient, a new part of the set each time.",
        ),
    ),
    Term(
        "beta",
        lambda: translate("glossary", "β (beta)"),
        lambda: translate(
            "glossary",
            "The weight of the KL in the loss of a VAE: 1 is the ELBO, more makes simpler codes and blurrier "
            "images (Higgins et al. 2017).",
        ),
    ),
    Term(
        "bits",
        lambda: translate("glossary", "Bits"),
        lambda: translate(
            "glossary",
            "The unit of information with the logarithm to base 2: a fair coin has 1 bit, and 1 nat is 1.44 "
            "bits.",
        ),
    ),
    Term(
        "checkpoint",
        lambda: translate("glossary", "Checkpoint"),
        lambda: translate(
            "glossary",
            "All that is needed to go on with a training at a step, bit for bit; the kept ones are the "
            "history of a run.",
        ),
    ),
    Term(
        "critic",
        lambda: translate("glossary", "Critic"),
        lambda: translate(
            "glossary",
            "The network of a GAN that tells real images from those of the generator, or codes from draws of "
            "the prior; the generator learns from it, and right half of the time it knows nothing more.",
        ),
    ),
    Term(
        "cross_entropy",
        lambda: translate("glossary", "Cross-entropy"),
        lambda: translate(
            "glossary",
            "How badly predicted probabilities fit what is there, each pixel or the class: minus the "
            "logarithm of the probability that it was given; less is better.",
        ),
    ),
    Term(
        "denoising",
        lambda: translate("glossary", "Denoising"),
        lambda: translate(
            "glossary",
            "The encoder gets an image with noise and the loss compares with the clean one, so that copying "
            "is not enough (Vincent et al. 2008).",
        ),
    ),
    Term(
        "early_stopping",
        lambda: translate("glossary", "Early stopping"),
        lambda: translate(
            "glossary",
            "The training ends once the validation loss has not improved for a number of validations, and "
            "the best weights are kept.",
        ),
    ),
    Term(
        "elbo",
        lambda: translate("glossary", "ELBO"),
        lambda: translate(
            "glossary",
            "The evidence lower bound, what a VAE maximises: the log-likelihood of the image given its code "
            "minus the KL to the prior; the log-probability of the image is at least as large (Kingma & "
            "Welling 2013).",
        ),
    ),
    Term(
        "epoch",
        lambda: translate("glossary", "Epoch"),
        lambda: translate("glossary", "One pass through all training images, in a random order."),
    ),
    Term(
        "free_bits",
        lambda: translate("glossary", "Free bits"),
        lambda: translate(
            "glossary",
            "The KL of each dimension costs nothing up to this amount, so that no dimension has to collapse "
            "(Kingma et al. 2016).",
        ),
    ),
    Term(
        "kl",
        lambda: translate("glossary", "KL"),
        lambda: translate(
            "glossary",
            "The Kullback-Leibler divergence of the posterior from the prior: how much a code tells about "
            "its image at most, in nats; at 0 it tells nothing.",
        ),
    ),
    Term(
        "learning_rate",
        lambda: translate("glossary", "Learning rate"),
        lambda: translate(
            "glossary",
            "How far a step of the optimiser changes the weights: with too much the loss jumps, with too "
            "little it hardly falls.",
        ),
    ),
    Term(
        "loss",
        lambda: translate("glossary", "Loss"),
        lambda: translate(
            "glossary",
            "The number that the training makes smaller; losses of different objectives have different units "
            "and cannot be compared.",
        ),
    ),
    Term(
        "mig",
        lambda: translate("glossary", "MIG"),
        lambda: translate(
            "glossary",
            "The mutual information gap: 1 if each factor of the images depends on a single number of the "
            "code, 0 if two numbers know as much about it (Chen et al. 2018).",
        ),
    ),
    Term(
        "mode_collapse",
        lambda: translate("glossary", "Mode collapse"),
        lambda: translate(
            "glossary",
            "A generator makes the same few images again and again, and leaves out others that the data "
            "have.",
        ),
    ),
    Term(
        "mutual_information",
        lambda: translate("glossary", "Mutual information"),
        lambda: translate(
            "glossary",
            "How many nats one thing says about another; 0 if they are independent, and all of its "
            "entropy if it can be read off exactly.",
        ),
    ),
    Term(
        "nats",
        lambda: translate("glossary", "Nats"),
        lambda: translate(
            "glossary",
            "The unit of information with the natural logarithm, used for losses and the KL: 1 nat is 1.44 "
            "bits.",
        ),
    ),
    Term(
        "probe",
        lambda: translate("glossary", "Probe"),
        lambda: translate(
            "glossary",
            "A small classifier trained on codes, pixels or reconstructions: its accuracy shows how much of "
            "the class is left in them.",
        ),
    ),
    Term(
        "psnr",
        lambda: translate("glossary", "PSNR"),
        lambda: translate(
            "glossary",
            "The peak signal-to-noise ratio in dB, -10 log10 of the mean squared error per pixel with pixels "
            "from 0 to 1: 10 dB more is a tenth of the error.",
        ),
    ),
    Term(
        "r",
        lambda: translate("glossary", "r"),
        lambda: translate(
            "glossary",
            "The correlation of an axis with a property of the decoded images, from -1 to 1: at 0 the axis "
            "does not change it, at 1 or -1 each step changes it in proportion.",
        ),
    ),
    Term(
        "reconstruction",
        lambda: translate("glossary", "Reconstruction"),
        lambda: translate(
            "glossary",
            "The image that the decoder makes of an image's own code; as a loss, how badly it fits the "
            "image.",
        ),
    ),
    Term(
        "seed",
        lambda: translate("glossary", "Seed"),
        lambda: translate(
            "glossary",
            "The number from which all randomness of a training follows: the same seed gives the same "
            "weights, order of images and noise.",
        ),
    ),
    Term(
        "semi_supervised",
        lambda: translate("glossary", "Semi-supervised learning"),
        lambda: translate(
            "glossary",
            "Learning from many images of which only a few have labels: the others teach what images look "
            "like, and so where classes end (Kingma et al. 2014).",
        ),
    ),
    Term(
        "smoothing",
        lambda: translate("glossary", "Smoothing"),
        lambda: translate(
            "glossary",
            "The strong line is a local average of the faint raw values; it shows the trend and hides single "
            "jumps.",
        ),
    ),
    Term(
        "sparsity",
        lambda: translate("glossary", "Sparsity"),
        lambda: translate(
            "glossary",
            "Only a few numbers of the code are far from zero for each image, because others cost loss.",
        ),
    ),
    Term(
        "squared_error",
        lambda: translate("glossary", "Squared error"),
        lambda: translate(
            "glossary",
            "The squared difference of reconstruction and image, with pixels from 0 to 1: summed over an "
            "image, or as a mean per pixel (MSE).",
        ),
    ),
    Term(
        "ssim",
        lambda: translate("glossary", "SSIM"),
        lambda: translate(
            "glossary",
            "The structural similarity of reconstruction and image, from brightness, contrast and structure "
            "in small windows: 1 for equal images (Wang et al. 2004).",
        ),
    ),
    Term(
        "step",
        lambda: translate("glossary", "Step"),
        lambda: translate("glossary", "One change of the weights by the optimiser, after one batch."),
    ),
    Term(
        "validation",
        lambda: translate("glossary", "Validation loss"),
        lambda: translate(
            "glossary",
            "The loss on training images that are held back: if it rises while the training loss falls, the "
            "model learns its images by heart.",
        ),
    ),
    Term(
        "wake_sleep",
        lambda: translate("glossary", "Wake-sleep"),
        lambda: translate(
            "glossary",
            "Training in turn: awake the decoder learns to restore images, asleep the encoder learns to "
            "name the code of an image that the decoder has made up (Hinton et al. 1995).",
        ),
    ),
    Term(
        "warm_up",
        lambda: translate("glossary", "KL warm-up"),
        lambda: translate(
            "glossary",
            "The weight of the KL grows from 0 in the first epochs, so that the codes carry something before "
            "they are held near the prior (Bowman et al. 2016).",
        ),
    ),
)
