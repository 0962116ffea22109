"""The settings of t-SNE and UMAP: one declaration for the form, the file of preferences and the checks."""

from __future__ import annotations

from typing import Literal, get_args

from aestudio.recipes.setting import SettingInfo, Settings, describe, setting

EmbeddingKind = Literal["tsne", "umap"]
KINDS: tuple[EmbeddingKind, ...] = get_args(EmbeddingKind)
TITLES: dict[EmbeddingKind, str] = {"tsne": "t-SNE", "umap": "UMAP"}
MIN_CODES = 20
"""Codes that an embedding needs at least: fewer have no neighbourhoods to preserve."""


class EmbeddingSettings(Settings):
    """What both embeddings can be told."""

    points: int = setting(
        10_000,
        title="Embedded",
        unit="images",
        ge=MIN_CODES,
        le=100_000,
        help="How many images are embedded, the first ones; the others are placed beside their nearest ones.",
    )
    start: Literal["components", "random"] = setting(
        "components",
        title="Start from",
        help=(
            "Where the points begin: at the first two principal components, so that large distances are "
            "kept better, or at random (Kobak & Linderman 2021)."
        ),
    )
    seed: int = setting(
        0,
        title="Seed",
        ge=0,
        le=2**31 - 1,
        help="Fixes the random start, or the small noise on the components, and all that is drawn later.",
    )


class TsneSettings(EmbeddingSettings):
    """t-SNE (van der Maaten & Hinton 2008); the defaults are those of openTSNE."""

    perplexity: float = setting(
        30.0,
        title="Perplexity",
        unit="neighbours",
        ge=2.0,
        le=100.0,
        help="About how many neighbours each point is to stay close to; of few images, at most a third.",
    )
    learning_rate: float = setting(
        0.0,
        title="Learning rate",
        unit="0 = automatic",
        ge=0.0,
        le=1e6,
        help="Size of each step. Automatic: number of points / exaggeration (Belkina et al. 2019).",
    )
    exaggeration: float = setting(
        12.0,
        title="Early exaggeration",
        unit="times",
        ge=1.0,
        le=100.0,
        help="How much stronger neighbours attract each other in the first third, at most 250 iterations.",
    )
    iterations: int = setting(
        750,
        title="Iterations",
        ge=50,
        le=10_000,
        help="How often all points are moved.",
    )


class UmapSettings(EmbeddingSettings):
    """UMAP (McInnes, Healy & Melville 2018); the defaults are those of umap-learn."""

    neighbours: int = setting(
        15,
        title="Neighbours",
        ge=2,
        le=200,
        help="How many nearest codes, with itself, each point is tied to: few show details, many the whole.",
    )
    minimum_distance: float = setting(
        0.1,
        title="Minimum distance",
        ge=0.0,
        le=0.99,
        help="How close points may come: small ones give tight groups.",
    )
    metric: Literal["euclidean", "cosine", "manhattan"] = setting(
        "euclidean",
        title="Metric",
        help=(
            "How far codes are apart: euclidean, the length of their difference; cosine, the angle between "
            "them; manhattan, the sum of the differences of their numbers."
        ),
    )


SETTINGS: dict[EmbeddingKind, type[EmbeddingSettings]] = {"tsne": TsneSettings, "umap": UmapSettings}


def usable_neighbours(settings: EmbeddingSettings, count: int) -> float:
    """The perplexity of t-SNE, or UMAP's number of neighbours, with `count` codes: fewer have no more.

    Of t-SNE at most a third of the others, because three neighbours are searched per unit of perplexity, as
    in openTSNE; of UMAP at most all.
    """
    if isinstance(settings, TsneSettings):
        return min(settings.perplexity, (count - 1) // 3)
    assert isinstance(settings, UmapSettings)
    return min(settings.neighbours, count)


def chosen_neighbours(settings: EmbeddingSettings) -> float:
    """The same as it was chosen, for more codes than there may be."""
    assert isinstance(settings, (TsneSettings, UmapSettings))
    return settings.perplexity if isinstance(settings, TsneSettings) else settings.neighbours


def infos_of(kind: EmbeddingKind) -> tuple[SettingInfo, ...]:
    """The settings of an embedding in the order of its form: its own ones, then those of both."""
    common = EmbeddingSettings.model_fields
    listed = describe(SETTINGS[kind])
    return tuple(sorted(listed, key=lambda info: info.name in common))
