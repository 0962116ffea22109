from openTSNE.nearest_neighbors import PrecomputedNeighbors

class PerplexityBasedNN:
    def __init__(self, *, knn_index: PrecomputedNeighbors, perplexity: float, n_jobs: int) -> None: ...
