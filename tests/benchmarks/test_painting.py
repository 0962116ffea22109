"""The rows of what the window costs: medians over the runs, view by view, against the targets."""

from benchmarks.measures.painting import MOST_OF_A_CORE, VIEWS, _shares


def run(window: float, analyst: float) -> list[dict]:
    return [{"view": view, "shares": {"window": window, "analyst": analyst}} for view in VIEWS]


def test_each_view_has_the_median_of_both_threads():
    rows = _shares("vae, batch 128", [run(0.03, 0.01), run(0.09, 0.02), run(0.05, 0.30)])
    assert len(rows) == 2 * len(VIEWS)
    train, analyst = rows[0], rows[1]
    assert (train.value, train.target, train.met) == (0.05, MOST_OF_A_CORE["train"], True)
    assert (analyst.value, analyst.met) == (0.02, True)
    assert train.rounds == (0.03, 0.09, 0.05)


def test_too_much_misses_the_target():
    assert _shares("vae", [run(0.2, 0.0)])[0].met is False


def test_a_thread_that_did_not_exist_took_nothing():
    assert _shares("vae", [[{"shares": {"window": 0.1}} for _ in VIEWS]])[1].value == 0
