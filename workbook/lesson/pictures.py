"""The lessons' pictures: a timeline and bars, always in the same style."""

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.patches import Patch

# Told apart by everybody, the colour-blind included; also when printed in grey.
COLOURS = ("#d55e00", "#0072b2", "#e69f00", "#009e73", "#999999", "#cc79a7")
STYLE = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": "#888888",
    "axes.titlelocation": "left",
    "axes.titlesize": 13,
    "text.color": "#222222",
    "axes.labelcolor": "#222222",
    "xtick.color": "#222222",
    "ytick.color": "#222222",
    "font.size": 11,
    "savefig.dpi": 100,
}


def timeline(spans, title: str, marks: dict[str, float] | None = None):
    """Draw who did what when.

    `spans` are (row, what, start, end), times in seconds; equal rows share a
    line, equal whats a colour. The first start is the picture's zero. `marks` are
    moments, told by their names.
    """
    spans = list(spans)
    zero = min(start for _, _, start, _ in spans)
    rows = list(dict.fromkeys(row for row, *_ in spans))
    kinds = list(dict.fromkeys(what for _, what, *_ in spans))
    colours = {kind: COLOURS[i % len(COLOURS)] for i, kind in enumerate(kinds)}
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(9, 1.4 + 0.3 * bool(marks) + 0.45 * len(rows)))
        shortest = max(end - zero for *_, end in spans) / 200  # still to be seen
        for row, what, start, end in spans:
            axes.barh(
                rows.index(row),
                max(end - start, shortest),
                left=start - zero,
                height=0.6,
                color=colours[what],
                edgecolor="white",
            )
        axes.set_yticks(range(len(rows)), rows)
        axes.invert_yaxis()
        axes.set_xlabel("seconds")
        axes.set_title(title)
        marks = {name: when - zero for name, when in (marks or {}).items()}
        _mark(axes, marks)
        handles = [Patch(color=colours[kind], label=kind) for kind in kinds]
        axes.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False
        )
        told = [
            f"{row}, {what}: {start - zero:.1f} to {end - zero:.1f} s"
            for row, what, start, end in spans
        ]
        _show(figure, axes, [title, *told, *_told(marks)])


def bars(values: dict[str, float], title: str, unit: str = "s"):
    """Draw one bar for each measured value, with the number at its end."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(9, 1.2 + 0.45 * len(values)))
        drawn = axes.barh(list(values), list(values.values()), height=0.6, color=COLOURS[1])
        axes.bar_label(drawn, [f" {value:.3g} {unit}" for value in values.values()])
        axes.set_xlim(0, max(values.values()) * 1.15)
        axes.invert_yaxis()
        axes.set_xlabel(unit if unit != "s" else "seconds")
        axes.set_title(title)
        told = [f"{name}: {value:.3g} {unit}" for name, value in values.items()]
        _show(figure, axes, [title, *told])


def lines(
    series: dict[str, list[tuple[float, float]]],
    title: str,
    x: str,
    y: str,
    marks: dict[str, float] | None = None,
    *,
    steps: bool = True,
):
    """Draw one line for each list of (x, y) points; name moments in `marks`.

    With `steps` a value holds until the next point; otherwise it goes straight there.
    """
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(9, 3.4))
        for number, (name, points) in enumerate(series.items()):
            axes.plot(
                *zip(*points, strict=True),
                label=name,
                color=COLOURS[number % len(COLOURS)],
                marker="os^Dvx"[number % 6],
                drawstyle="steps-post" if steps else "default",
            )
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.set_title(title)
        axes.legend(frameon=False)
        _mark(axes, marks or {})
        told = [
            f"{name}: {points[0][1]:g} at {points[0][0]:.1f}, "
            f"{points[-1][1]:g} at {points[-1][0]:.1f}"
            for name, points in series.items()
        ]
        axis = f"{y}, over {x}"
        _show(figure, axes, [title, axis, *told, *_told(marks or {})])


def described(words: str) -> dict:
    """Return the metadata with which `display` gives a picture an alternative text."""
    return {"image/png": {"alt": words}}


def _mark(axes, marks: dict[str, float]):
    """Draw a moment as an upright line with its name at the top."""
    where = axes.get_xaxis_transform()  # along the axis seconds, upright 0 to 1
    for name, when in marks.items():
        axes.axvline(when, color="#222222", linestyle=":", linewidth=1.5)
        late = when > sum(axes.get_xlim()) * 0.6  # its name would leave the picture
        words, side = (f"{name} ", "right") if late else (f" {name}", "left")
        axes.text(when, 1.02, words, transform=where, ha=side, va="bottom")
    if marks:
        axes.set_title(axes.get_title(loc="left"), pad=24)


def _told(marks: dict[str, float]) -> list[str]:
    return [f"{name} at {when:.1f} s" for name, when in marks.items()]


def _show(figure, axes, words: list[str]):
    """Put the picture under the cell, once, with its words for who cannot see it."""
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    display(figure, metadata=described(". ".join(words)))
    plt.close(figure)
