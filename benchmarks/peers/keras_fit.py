"""(d) Keras 3 on its torch backend: `compile` and `fit` over the images as one array.

`deep-ae` follows the autoencoders of Keras' blog. The two VAEs follow the guide on subclassing: a layer
samples and adds the KL divergence with `add_loss`, and `compile` gets the reconstruction loss.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported

import keras
from keras import layers, ops

from benchmarks.candidate import StepGate, serve_library
from benchmarks.peers.mnist_images import training_images

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.candidate import Task

ENDLESS_EPOCHS = 100_000


class Sampling(layers.Layer):
    """Means and log variances (B, 2 * latent) -> a code (B, latent); adds the KL divergence per image."""

    def __init__(self) -> None:
        super().__init__()
        self.seed = keras.random.SeedGenerator(0)

    def call(self, statistics):
        mean, log_variance = ops.split(statistics, 2, axis=1)
        kl = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=1)
        self.add_loss(ops.mean(kl))
        noise = keras.random.normal(ops.shape(mean), seed=self.seed)
        return mean + ops.exp(0.5 * log_variance) * noise


def squared_error(images, reconstructions):
    """Squared error per image."""
    return ops.sum(ops.square(reconstructions - images), axis=-1)


def bernoulli(images, logits):
    """Negative log likelihood per image, in nats."""
    return ops.sum(ops.binary_crossentropy(images, logits, from_logits=True), axis=-1)


def deep_autoencoder() -> list[layers.Layer]:
    """784-128-64-32-64-128-784."""
    hidden = [128, 64, None, 64, 128]
    middle = [layers.Dense(32) if size is None else layers.Dense(size, activation="relu") for size in hidden]
    return [*middle, layers.Dense(784)]


def variational() -> list[layers.Layer]:
    """784-256-(32)-256-784."""
    encoder = [layers.Dense(256, activation="relu"), layers.Dense(64)]
    return [*encoder, Sampling(), layers.Dense(256, activation="relu"), layers.Dense(784)]


def convolutional_variational() -> list[layers.Layer]:
    """Two stride-2 convolutions of 16 and 32 channels, 128 units, a code of 10, and their mirror."""
    as_image = layers.Reshape((1, 28, 28) if _channels_first() else (28, 28, 1))
    as_channels = layers.Reshape((32, 7, 7) if _channels_first() else (7, 7, 32))
    return [
        as_image,
        layers.Conv2D(16, 4, strides=2, padding="same", activation="relu"),
        layers.Conv2D(32, 4, strides=2, padding="same", activation="relu"),
        layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(20),
        Sampling(),
        layers.Dense(128, activation="relu"), layers.Dense(32 * 49, activation="relu"), as_channels,
        layers.Conv2DTranspose(16, 4, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same"), layers.Flatten(),
    ]  # a table  # fmt: skip


def _channels_first() -> bool:
    return keras.config.image_data_format() == "channels_first"


MODELS = {
    "deep-ae": (deep_autoencoder, squared_error),
    "vae": (variational, bernoulli),
    "conv-vae": (convolutional_variational, bernoulli),
}


class Counter(keras.callbacks.Callback):
    """Calls the gate before each step, for the previous step.

    Before and not after, because Keras copies the metrics from the device for a callback after the step.
    """

    def __init__(self, gate: StepGate, images_per_step: float) -> None:
        super().__init__()
        self.gate = gate
        self.images_per_step = images_per_step

    def on_train_batch_begin(self, batch, logs=None) -> None:
        self.gate.passed(self.images_per_step)


def train(task: Task, gate: Callable[[int], StepGate]) -> None:
    """Train until the comparison is over."""
    keras.config.set_image_data_format(
        "channels_first"
    )  # torch's order, which needs no transposing at each layer
    images = training_images(task).flatten(1).numpy()
    make, loss = MODELS[task.model]
    model = keras.Sequential([keras.Input((784,)), *make()])
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss)
    steps = -(-len(images) // task.batch)
    counter = Counter(gate(model.count_params()), len(images) / steps)
    model.fit(
        images,
        images,
        batch_size=task.batch,
        epochs=ENDLESS_EPOCHS,
        shuffle=True,
        verbose=0,
        callbacks=[counter],
    )


if __name__ == "__main__":
    serve_library(train)
