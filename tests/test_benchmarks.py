"""The benchmarks run, and measure what they say."""

from benchmarks.csv_export import draw, measure_all, table


def test_the_csv_benchmark_sees_the_naive_export_grow_and_ours_stay_flat(tmp_path):
    figures = measure_all(tmp_path, sizes=(2_000, 30_000), rounds=1)
    small, large = figures.values()
    assert large["naive"]["megabytes"] - small["naive"]["megabytes"] > 5
    assert large["ours"]["megabytes"] - small["ours"]["megabytes"] < 2
    assert {one["rows"] for one in large.values()} == {30_000}

    assert table(figures).count("\n") == 6
    draw(figures, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
