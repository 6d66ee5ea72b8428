#!/usr/bin/env python3
"""Draws one figure of byzsim: plot.py DIRECTORY NAME STYLE reads NAME.json and the tables (CSV)
beside it in DIRECTORY and writes NAME.svg, NAME.pdf and NAME.png there, the same bytes every time.

Nothing is computed but means over runs, their 95 % confidence intervals (Student's t, two-sided) or
standard deviations, and ratios to a reference of the same table. Panels with "worst_of" draw tables
in which the worst case of each cell has been found. `byzsim figures` has checked the description."""
import csv
import json
import math
import sys
import textwrap
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402 (the backend comes first)
from matplotlib.cm import ScalarMappable  # noqa: E402
from matplotlib.colors import LinearSegmentedColormap, Normalize  # noqa: E402
from matplotlib.mathtext import MathTextParser  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402

# The 0.975 quantile of Student's t with 1, 2, ... degrees of freedom; beyond them the normal one.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
           2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
           2.060, 2.056, 2.052, 2.048, 2.045, 2.042]
HATCHES = ["", "////", "....", "\\\\\\\\", "xxxx", "----", "++++"]
GREY = "#777777"
SHARES = ["accuracy", "accuracy_worst", "accepted_share", "byzantine_accepted_share"]
PANEL_WIDTH, AXES_HEIGHT, LINE_HEIGHT = 3.7, 2.5, 0.17  # inches
LETTERS_ACROSS = 36  # small ones in the cells of a row together
IN_CELL = "in a cell"  # marks texts that must fit one
MOST_INCHES = 250  # of a side: 30,000 pixels, half of what matplotlib takes


# --- tables ---

def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def matches(row, where):
    """Whether a row has one of the values wanted in each column that its table has."""
    def equal(cell, wanted):
        return number(cell) == wanted if isinstance(wanted, (int, float)) else cell == wanted
    return all(any(equal(row[column], each) for each in
                   (wanted if isinstance(wanted, list) else [wanted]))
               for column, wanted in where.items() if column in row)


def mean_and_half_width(values):
    """The mean and half the width of its 95 % confidence interval; 0 for a single run."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, 0.0
    quantile = STUDENT[len(values) - 2] if len(values) - 2 < len(STUDENT) else 1.960
    return mean, quantile * math.sqrt(variance(values) / len(values))


def interval(mean, half, y):
    """The ends of a confidence interval; those of a share stay within 0 and 1."""
    low, high = mean - half, mean + half
    return (max(low, min(mean, 0)), min(high, max(mean, 1))) if y in SHARES else (low, high)


def variance(values):
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def value_of(row, y):
    """A column's value, or one column's per another's: {"of": "steps", "per": "messages"}."""
    if isinstance(y, str):
        return number(row[y])
    above, below = number(row[y["of"]]), number(row[y["per"]])
    return above / below if above is not None and below else None


def in_order(values, labels):
    """Distinct values: first as the labels have them, then as the table has them."""
    present = list(dict.fromkeys(values))
    return ([value for value in labels if value in present] +
            [value for value in present if value not in labels])


def row_of_run(rows, at, y):
    """The row that stands for a run: its last, that of the largest or smallest y, or the first in
    which another column reaches a level."""
    if isinstance(at, dict):
        (column, level), = at.items()
        return next((row for row in rows if (number(row[column]) or level - 1) >= level), None)
    defined = [row for row in rows if value_of(row, y) is not None]
    if at == "end" or not defined:
        return rows[-1]
    return (max if at == "largest" else min)(defined, key=lambda row: value_of(row, y))


class CannotDraw(Exception):
    """Why there is no picture: a sentence that begins with the place."""


def literal(text):
    """Text of a table, in which $ begins no formula."""
    return text.replace("$", r"\$")


class Panel:
    """What one panel says of itself, with its rows."""

    def __init__(self, said, tables):
        self.said, self.tables = said, tables
        names = said["table"] if isinstance(said["table"], list) else [said["table"]]
        of_table = {name: [row for row in tables[name] if matches(row, said.get("where", {}))]
                    for name in names}
        self.rows = [row for rows in of_table.values() for row in rows]
        if not self.rows:
            raise CannotDraw(f"/where: no row of {', '.join(names)} matches "
                             f"{json.dumps(said.get('where', {}))}")
        if "at" in said:
            runs = {}
            for name, rows in of_table.items():  # every table numbers its points from 0
                for row in rows:
                    runs.setdefault((name, row["point"]), []).append(row)
            chosen = [row_of_run(rows, said["at"], said["y"]) for rows in runs.values()]
            self.rows = [row for row in chosen if row is not None]
            if not self.rows:
                raise CannotDraw(f"/at: no run has such a row: {json.dumps(said['at'])}")
        if "worst_of" in said:
            # One run without a value makes its whole cell undefined.
            self.rows = [row if row["mean"] else {**row, said["y"]: ""} for row in self.rows]

    def get(self, key, default=None):
        return self.said.get(key, default)

    def label(self, value):
        return self.get("labels", {}).get(value, literal(value))

    def series(self):
        """(style number, label, rows) of each series in order; one without a name when there are
        none. A label keeps its style where others are absent."""
        column, labels = self.get("series"), list(self.get("labels", {}))
        if column is None:
            return [(0, None, self.rows)]
        names = in_order([row[column] for row in self.rows], labels)
        return [(labels.index(name) if name in labels else i, self.label(name),
                 [row for row in self.rows if row[column] == name])
                for i, name in enumerate(names)]

    def values(self, rows, x):
        """x -> the values of y there, in order of appearance."""
        found = {}
        for row in rows:
            value = value_of(row, self.get("y"))
            if value is not None:
                found.setdefault(row[x], []).append(value)
        return found

    def without_value(self, rows):
        """The xs at which the worst case is that of runs without a value."""
        if not self.get("worst_of"):
            return []
        return list(dict.fromkeys(number(row[self.get("x")]) for row in rows if not row["mean"]))

    def early_ends(self, rows):
        """The xs whose worst case has a value, of runs that did not reach their last step."""
        if not self.get("worst_of"):
            return []
        return list(dict.fromkeys(number(row[self.get("x")]) for row in rows
                                  if row["mean"] and early_end([row])))

    def references(self, x):
        """x -> the mean that values there are measured by."""
        against = self.get("relative_to")
        if against is None:
            return {}
        rows = [row for row in self.rows if matches(row, against)]
        return {at: mean_and_half_width(values)[0] for at, values in self.values(rows, x).items()}

    def height_of(self, line):
        """A line's y: a number, or the mean over another table's rows."""
        if "mean_of" not in line:
            return line["y"]
        values = [value_of(row, self.get("y")) for row in self.tables[line["mean_of"]]]
        if None in values or not values:
            raise CannotDraw(f"/lines: the table {line['mean_of']} has rows without a value")
        return mean_and_half_width(values)[0]


# --- kinds of panels ---

class Styles(list):
    """Colours, lines and markers of the series; there are no more than these."""

    def __getitem__(self, i):
        if i >= len(self):
            raise CannotDraw(f"/series: more than {len(self)} series cannot be told apart")
        return super().__getitem__(i)


def styles():
    return Styles(plt.rcParams["axes.prop_cycle"])


def mean_line(panel, rows):
    """The xs in order, the means there and the ends of their intervals. With `x_of`, runs
    are compared at equal values of that column, and x is the mean over runs there."""
    at = panel.get("x_of", panel.get("x"))
    places = {}
    for row in rows:
        x = number(row[panel.get("x")])
        if x is None:
            raise CannotDraw(f"/x: {json.dumps(row[panel.get('x')])} is not a number")
        places.setdefault(row[at], []).append(x)
    # The worst case of an x without a value is a gap, over which no line is drawn.
    points = [(x, math.nan, math.nan, math.nan) for x in panel.without_value(rows)]
    for key, values in panel.values(rows, at).items():
        mean, half = mean_and_half_width(values)
        points.append((mean_and_half_width(places[key])[0], mean,
                       *interval(mean, half, panel.get("y"))))
    return tuple(list(column) for column in zip(*sorted(points))) if points else ([], [], [], [])


def draw_curves(axes, panel):
    """y over x: the mean over runs as a line, its interval as a band; in steps where y holds until
    the next x; another column as dots."""
    if panel.get("x") == "step":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    for i, name, rows in panel.series():
        style, (xs, means, lows, highs) = styles()[i], mean_line(panel, rows)
        if not panel.get("markers", True):
            style = {**style, "marker": ""}
        if panel.get("steps"):
            style = {**style, "drawstyle": "steps-post"}
        axes.fill_between(xs, lows, highs, color=style["color"], alpha=0.18, linewidth=0)
        axes.plot(xs, means, label=name, markevery=max(1, len(xs) // 8), **style)
        mark_without_value(axes, panel, rows, style)
        mark_early_ends(axes, panel, rows, style)
        if panel.get("dots"):
            dots = [(number(row[panel.get("x")]), number(row[panel.get("dots")])) for row in rows]
            axes.plot(*zip(*[dot for dot in dots if None not in dot]), ".", color=GREY,
                      markersize=3, label=panel.label(panel.get("dots")))
    name_marks(axes, panel)


def mark_without_value(axes, panel, rows, style):
    """A cross on the horizontal axis where the worst case has no value."""
    xs = panel.without_value(rows)
    if xs:
        axes.plot(xs, [0.03] * len(xs), "x", color=style["color"], markersize=6,
                  markeredgewidth=1.6, transform=axes.get_xaxis_transform(), clip_on=False)


def mark_early_ends(axes, panel, rows, style):
    """A bar on the horizontal axis where a run of the worst case ended early, with its value."""
    xs = panel.early_ends(rows)
    if xs:
        axes.plot(xs, [0.03] * len(xs), "|", color=style["color"], markersize=7,
                  markeredgewidth=1.6, transform=axes.get_xaxis_transform(), clip_on=False)


def name_marks(axes, panel):
    if panel.without_value(panel.rows):
        axes.plot([], [], "x", color=GREY, markersize=6, markeredgewidth=1.6,
                  label=why_no_value([row for row in panel.rows if not row["mean"]]))
    if panel.early_ends(panel.rows):
        axes.plot([], [], "|", color=GREY, markersize=7, markeredgewidth=1.6,
                  label=early_end([row for row in panel.rows if row["mean"]]))


def early_end(rows):
    """How the first of these runs of a worst case ended that did not reach its last step."""
    words = {"stalled": "stalled", "out_of_time": "out of time"}
    return next((words[row["status"]] for row in rows if row.get("status") in words), None)


def why_no_value(rows):
    if any(row["diverged"] == "1" for row in rows):
        return "diverged"
    return early_end(rows) or "undefined"


def draw_points(axes, panel):
    """y over the values of an axis: means joined by lines, with the interval as error bars."""
    for i, name, rows in panel.series():
        xs, means, lows, highs = mean_line(panel, rows)
        below = [mean - low for mean, low in zip(means, lows)]
        above = [high - mean for mean, high in zip(means, highs)]
        axes.errorbar(xs, means, yerr=[below, above], label=name, capsize=2.5, elinewidth=1,
                      **styles()[i])
        mark_without_value(axes, panel, rows, styles()[i])
        mark_early_ends(axes, panel, rows, styles()[i])
    name_marks(axes, panel)


def draw_bars(axes, panel):
    """Bars in groups: x names the groups, series the bars of each; the runs as dots."""
    x = panel.get("x")
    groups = in_order([row[x] for row in panel.rows], panel.get("labels", {}))
    series, references = panel.series(), panel.references(x)
    width = 0.8 / len(series)
    for i, (number_of_style, name, rows) in enumerate(series):
        style = styles()[number_of_style]
        found = panel.values(rows, x)
        places, means, below, above = [], [], [], []
        for j, group in enumerate(groups):
            place = j + (i - (len(series) - 1) / 2) * width
            if group not in found:
                if panel.get("worst_of") and any(row[x] == group for row in rows):
                    write_without_value(axes, place, [row for row in rows if row[x] == group])
                    axes.bar(place, 0, 0.92 * width)  # its room on the axis
                continue
            if references.get(group, 1) == 0:
                raise CannotDraw(f"/relative_to: the mean at {group} is 0")
            if panel.get("worst_of"):
                early = early_end([row for row in rows if row[x] == group])
                if early:
                    write_upright(axes, place, early)
            values = [value / references.get(group, 1) for value in found[group]]
            mean, half = mean_and_half_width(values)
            low, high = interval(mean, half, None if references else panel.get("y"))
            places.append(place)
            means.append(mean)
            below.append(mean - low)
            above.append(high - mean)
            if len(values) > 1:
                axes.plot([places[-1]] * len(values), values, ".", color="black", markersize=2.5,
                          zorder=3)
            if panel.get("values"):
                top = max(values + [high])
                axes.annotate(format(mean, panel.get("values")), (places[-1], top), xytext=(0, 2),
                              textcoords="offset points", ha="center", fontsize=6.5)
        axes.bar(places, means, 0.92 * width, label=name,
                 yerr=[below, above] if any(below + above) else None,
                 color=style["color"], hatch=HATCHES[number_of_style], edgecolor="white",
                 linewidth=0, error_kw={"elinewidth": 1, "capsize": 2})
    axes.set_xticks(range(len(groups)), [panel.label(group) for group in groups])
    axes.grid(False, axis="x")


def write_without_value(axes, place, rows):
    """In place of a bar: why there is none."""
    write_upright(axes, place, why_no_value(rows))


def write_upright(axes, place, text):
    axes.annotate(text, (place, 0), xytext=(0, 3), xycoords=("data", "axes fraction"),
                  textcoords="offset points", rotation=90, ha="center", va="bottom",
                  fontsize=6.5, color="#333333")


class Cell:
    """What a heat map shows at one place: the values of its runs and the marks of any of them; the
    name of the worst case, if they are its runs."""

    def __init__(self):
        self.values, self.marks, self.worst, self.rows = [], [], None, []

    def add(self, row, panel):
        if panel.get("worst_of"):
            self.worst = panel.label(row[panel.get("worst_of")])
            self.rows.append(row)
        value = value_of(row, panel.get("y"))
        if value is not None:
            self.values.append(value)
        for column, mark in panel.get("marks", {}).items():
            if row[column] == "1" and mark not in self.marks:
                self.marks.append(mark)

    def mean(self):
        return mean_and_half_width(self.values)[0]

    def text(self, panel):
        if not self.values:
            return why_no_value(self.rows)
        return format(self.mean(), panel.get("values", ".4f")) + "".join(self.marks)

    def lines_below(self, panel, most_letters):
        """The spread over runs, and the name of the worst case in lines that fit the cell."""
        lines = []
        if panel.get("spread") and len(self.values) > 1:
            spread = math.sqrt(variance(self.values))
            lines.append(f"\u00b1 {format(spread, panel.get('values', '.4f'))}")
        if self.values and early_end(self.rows):
            lines.append(early_end(self.rows))
        if self.worst:
            lines += textwrap.wrap(self.worst, most_letters, break_long_words=False)
        return lines


def write_in_cell(axes, place, text, below, colour):
    """A value, and smaller lines below it; the block as a whole in the middle of the cell."""
    size, small = (7 if text[0].isalpha() else 8), 6
    height = 1.2 * (size + small * len(below))  # points
    top = height / 2
    for line, letters in [(text, size)] + [(line, small) for line in below]:
        axes.annotate(line, place, xytext=(0, top - 0.6 * letters), textcoords="offset points",
                      ha="center", va="center", fontsize=letters, color=colour, gid=IN_CELL)
        top -= 1.2 * letters


def draw_cells(axes, panel):
    """A heat map: x names the columns, `rows` the rows; the darker, the larger the mean of y."""
    x, down = panel.get("x"), panel.get("rows")
    labels = panel.get("labels", {})
    columns = in_order([row[x] for row in panel.rows], labels)
    lines = in_order([row[down] for row in panel.rows], labels)
    cells = {}
    for row in panel.rows:
        place = columns.index(row[x]), lines.index(row[down])
        cells.setdefault(place, Cell()).add(row, panel)
    colours = colour_scale([cell.mean() for cell in cells.values() if cell.values],
                           panel.get("colour_range", [None, None]))
    most_letters = max(5, int(LETTERS_ACROSS / len(columns)))
    for place in [(i, j) for i in range(len(columns)) for j in range(len(lines))]:
        cell = cells.get(place)
        known = cell is not None and cell.values
        face = colours.to_rgba(cell.mean()) if known else (0.93, 0.93, 0.93, 1)
        axes.add_patch(plt.Rectangle((place[0] - 0.5, place[1] - 0.5), 1, 1, edgecolor="white",
                                     facecolor=face))
        write_in_cell(axes, place, cell.text(panel) if cell else "missing",
                      cell.lines_below(panel, most_letters) if cell else [], letters_on(face))
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), [panel.label(column) for column in columns])
    axes.set_yticks(range(len(lines)), [panel.label(line) for line in lines])
    axes.tick_params(length=0)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    bar = axes.figure.colorbar(colours, ax=axes, fraction=0.05, pad=0.02, aspect=28)
    bar.set_label(panel.get("colour_label", name_of(panel.get("y"))))
    bar.outline.set_visible(False)
    if panel.get("values", "").endswith("%"):
        bar.ax.yaxis.set_major_formatter(lambda value, _: format(value, panel.get("values")))


def letters_on(face):
    """Black, or white where the face is dark: by its luminance, as the eye weighs colours."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in face[:3])
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "black" if luminance > 0.24 else "white"


def fit_into_cells(picture):
    """Smaller letters where a text is wider than its cell, once the layout is known."""
    texts = [text for axes in picture.axes for text in axes.texts if text.get_gid() == IN_CELL]
    if texts:
        picture.draw_without_rendering()
    for text in texts:
        room = 0.94 * text.axes.bbox.width / abs(text.axes.get_xlim()[1] - text.axes.get_xlim()[0])
        text.set_fontsize(text.get_fontsize() * min(1, room / text.get_window_extent().width))


def colour_scale(values, limits):
    """Light to dark blue; ends that are not given are the least and the greatest value."""
    low, high = (find(values, default=0) if limit is None else limit
                 for limit, find in zip(limits, (min, max)))
    if high <= low:  # one value for all: the middle of the scale
        low, high = low - 0.5, low + 0.5
    shades = LinearSegmentedColormap.from_list(
        "blues", [(0.96, 0.974, 1), (0.42, 0.623, 0.9), (0.05, 0.19, 0.45)])
    return ScalarMappable(Normalize(low, high), shades)


def draw_space_time(axes, panel):
    """Nodes as horizontal lines in simulated time, messages as arrows: those that entered a quorum
    drawn through, those that came too late dashed; what servers say at their lines."""
    nodes = list(panel.get("nodes"))
    height = {node: len(nodes) - 1 - i for i, node in enumerate(nodes)}
    until = panel.get("x_range")[1]
    for node, at in height.items():
        axes.axhline(at, color="black", linewidth=0.8, zorder=1)
    said = set()
    for row in panel.rows:
        sent, arrived = 1e3 * number(row["sent_seconds"]), 1e3 * number(row["arrived_seconds"])
        if row["sender"] not in height or row["receiver"] not in height or sent >= until:
            continue
        style = dict(styles()[0 if row["phase"] == "model" else 1])
        counted = row["verdict"] in ("counted", "buffered")
        arrow = axes.annotate("", (arrived, height[row["receiver"]]),
                              (sent, height[row["sender"]]), annotation_clip=False, zorder=2,
                              arrowprops={
                                  "arrowstyle": "-|>", "mutation_scale": 7, "shrinkA": 0,
                                  "shrinkB": 0, "linewidth": 1.1 if counted else 0.7,
                                  "linestyle": "-" if counted else (0, (4, 3)),
                                  "color": style["color"] if counted else GREY,
                                  "alpha": 0.35 if row["phase"] == "model" else 1.0})
        arrow.arrow_patch.set_clip_box(axes.bbox)
        if (row["sender"], row["step"]) not in said:
            said.add((row["sender"], row["step"]))
            model = row["phase"] == "model"
            axes.annotate(rf"$\theta$ = {number(row['value']) + 0:+.2f}" if model else
                          f"{round(number(row['value'])):+d}".replace("+0", "0"),
                          (sent, height[row["sender"]]), xytext=(2, 4 if model else -10),
                          textcoords="offset points", fontsize=7.5, zorder=4,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6,
                                "alpha": 0.85})
    axes.set_yticks([height[node] for node in nodes], [panel.get("nodes")[node] for node in nodes])
    axes.set_ylim(-0.7, len(nodes) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(False)
    for text, style in (("model", {"color": styles()[0]["color"], "alpha": 0.35}),
                        ("gradient, in the quorum", {"color": styles()[1]["color"]}),
                        ("gradient, too late", {"color": GREY, "linestyle": (0, (4, 3))})):
        axes.plot([], [], label=text, linewidth=1.2, **{"linestyle": "-", "marker": "", **style})


def draw_gather(axes, panel):
    """Servers on a line before a gather, and below where lies and quorums can put them."""
    first = panel.rows[0]
    places = [float(value) for value in first["values"].split()]
    axes.plot(places, [0] * len(places), color=styles()[0]["color"], marker="o", linestyle="none",
              markersize=8, zorder=3)
    bracket(axes, min(places), max(places), 0, first["diameter"])
    for depth, row in enumerate(panel.rows, 1):
        low, high = number(row["low"]), number(row["high"])
        axes.plot([low, high], [depth, depth], color=styles()[1]["color"], linewidth=6,
                  linestyle="-", marker="", solid_capstyle="butt", zorder=2)
        axes.annotate(f"[{row['low']}, {row['high']}]", (low, depth), xytext=(0, -14),
                      textcoords="offset points", fontsize=7.5)
        bracket(axes, low, low + number(row["worst_diameter"]), depth, row["worst_diameter"])
    axes.set_yticks(range(len(panel.rows) + 1), ["before"] + [
        f"{panel.label(row[panel.get('series')])}" for row in panel.rows])
    axes.set_ylim(len(panel.rows) + 0.6, -0.7)
    axes.grid(False, axis="y")


def bracket(axes, low, high, depth, text):
    axes.annotate("", (high, depth - 0.3), (low, depth - 0.3),
                  arrowprops={"arrowstyle": "|-|", "mutation_scale": 3, "shrinkA": 0,
                              "shrinkB": 0, "linewidth": 0.9})
    axes.annotate(f"diameter {text}", ((low + high) / 2, depth - 0.3), xytext=(0, 3),
                  textcoords="offset points", ha="center", fontsize=7.5)


KINDS = {"curves": draw_curves, "points": draw_points, "bars": draw_bars,
         "cells": draw_cells, "space_time": draw_space_time, "gather": draw_gather}


# --- the figure ---

def space_below(axes):
    """The height of what stands between the axis and the legend, in heights of its letters."""
    lines = max(text.get_text().count("\n") for text in axes.get_xticklabels())
    return 2.6 + 1.3 * lines + (1.7 if axes.get_xlabel() else 0)


def legend_lines(axes):
    legend = axes.get_legend()
    return -(-len(legend.get_texts()) // legend._ncols) if legend else 0


def default_label(panel, which):
    """The column along an axis; what names bars needs no label."""
    cells = panel.get("kind") == "cells"
    column = panel.get("rows" if cells and which == "y" else which)
    if panel.get("kind") == "bars" and which == "x":
        return ""
    return name_of(column)


def name_of(column):
    """A column, the ratio of two, or none."""
    return literal(f"{column['of']} / {column['per']}" if isinstance(column, dict) else column or "")


def finish(axes, panel):
    for line, dashes in zip(panel.get("lines", []), ((2, 2), (6, 2, 1, 2))):
        axes.axhline(panel.height_of(line), color=GREY, linewidth=1, linestyle=(0, dashes),
                     label=line["label"], zorder=1.5)
    for which, set_label, set_scale, set_range in (
            ("x", axes.set_xlabel, axes.set_xscale, axes.set_xlim),
            ("y", axes.set_ylabel, axes.set_yscale, axes.set_ylim)):
        set_label(panel.get(f"{which}_label", default_label(panel, which)))
        if panel.get(f"{which}_scale"):
            set_scale(panel.get(f"{which}_scale"))
        if panel.get(f"{which}_range"):
            set_range(*panel.get(f"{which}_range"))
    if panel.get("x_ticks"):
        ticks = panel.get("x_ticks")
        axes.set_xticks([tick["at"] for tick in ticks], [tick["text"] for tick in ticks])
        axes.minorticks_off()
    if panel.get("title"):
        axes.set_title(panel.get("title"), loc="left")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=space_below(axes),
                    ncol=panel.get("legend_columns", 1))


def draw_panel(axes, said, tables, where):
    try:
        panel = Panel(said, tables)
        KINDS[said["kind"]](axes, panel)
        finish(axes, panel)
    except CannotDraw as reason:
        raise CannotDraw(f"{where}{reason}") from None
    except Exception as error:
        raise CannotDraw(f"{where}: cannot be drawn: {reason_of(error)}") from error


def draw(figure, tables):
    panels = figure["plot"]["panels"]
    across = figure["plot"].get("columns", len(panels))
    down = -(-len(panels) // across)
    width = max(PANEL_WIDTH * across, figure["plot"].get("width", 0))
    picture, grid = plt.subplots(down, across, squeeze=False)
    for i, (axes, said) in enumerate(zip(grid.flat, panels)):
        draw_panel(axes, said, tables, f"/plot/panels/{i}")
    for axes in grid.flat[len(panels):]:
        axes.set_visible(False)
    note = textwrap.wrap(figure["plot"].get("note", ""), int(18.2 * width))
    picture.supxlabel("\n".join(note), x=0.01, ha="left", fontsize=7, color="#333333")
    axes_height = figure["plot"].get("height", AXES_HEIGHT) + LINE_HEIGHT * max(
        space_below(axes) + legend_lines(axes) for axes in grid.flat)
    picture.set_size_inches(width, down * axes_height + 0.75 * LINE_HEIGHT * len(note) + 0.2)
    fit_into_cells(picture)
    return picture


def main(directory, name, style):
    plt.rcdefaults()  # whatever the user's own settings are
    plt.style.use(style)
    folder = Path(directory)
    figure = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    names = sorted(path.stem for path in folder.glob("*.csv"))
    picture = draw(figure, {table: read_rows(folder / f"{table}.csv") for table in names})
    nothing = {"svg": {"Date": None, "Creator": None},
               "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
               "png": {"Software": None}}
    for form, metadata in nothing.items():
        picture.savefig(folder / f"{name}.{form}", metadata=metadata)



# --- what can be known before anything is run ---

def reason_of(error):
    """An exception in one line."""
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]


def texts_in(plot):
    """(pointer, text) of everything that a plot's description has drawn as text."""
    yield "/plot/note", plot.get("note", "")
    for i, panel in enumerate(plot["panels"]):
        where = f"/plot/panels/{i}"
        for key in ("title", "x_label", "y_label", "colour_label"):
            yield f"{where}/{key}", panel.get(key, "")
        for key in ("labels", "marks", "nodes"):
            for name, text in panel.get(key, {}).items():
                name = name.replace("~", "~0").replace("/", "~1")
                yield f"{where}/{key}/{name}", text
        for key, part in (("lines", "label"), ("x_ticks", "text")):
            for j, each in enumerate(panel.get(key, [])):
                yield f"{where}/{key}/{j}/{part}", each[part]


def faults_of_text(text):
    """(problem, remedy) where matplotlib would not draw the text, or not as it is written."""
    for line in text.split("\n"):
        signs = line.count("$") - line.count(r"\$")
        if signs % 2:
            return f"has an unpaired $ in {json.dumps(line)}", r"write \\$ for the sign itself"
        if signs:
            try:
                MathTextParser("path").parse(line)
            except ValueError as error:
                return (f"is no formula that matplotlib can read: {json.dumps(line)}",
                        str(error).strip().splitlines()[-1])
    return None


def faults_of_plot(plot):
    """(pointer, problem, remedy) of what cannot be drawn, whatever the tables hold."""
    for where, text in texts_in(plot):
        fault = faults_of_text(text)
        if fault:
            yield where, *fault
    panels = plot["panels"]
    for i, panel in enumerate(panels):
        try:
            format(0.5, panel.get("values", ""))
        except ValueError as error:
            yield f"/plot/panels/{i}/values", str(error), 'write ".2f"'
    across = plot.get("columns", len(panels))
    down = -(-len(panels) // across)
    for key, inches in (("width", max(PANEL_WIDTH * across, plot.get("width", 0))),
                        ("height", down * (plot.get("height", AXES_HEIGHT) + 2))):
        if inches > MOST_INCHES:
            yield (f"/plot/{key}", f"the picture has {inches:g} inches, more than {MOST_INCHES}",
                   "draw fewer panels, or smaller ones")


def faults_of_figures(plots):
    return [{"where": f"{name}: {where}", "problem": problem, "remedy": remedy}
            for name, plot in plots.items()
            for where, problem, remedy in faults_of_plot(plot)]


def run(arguments):
    """The exit code: 2, after a sentence, where there is no picture."""
    try:
        if arguments == ["--check"]:
            print(json.dumps(faults_of_figures(json.load(sys.stdin))))
        elif len(arguments) == 3:
            main(*arguments)
        else:
            print("error: must be plot.py DIRECTORY NAME STYLE", file=sys.stderr)
            return 2
    except CannotDraw as reason:
        print(f"error: {reason}", file=sys.stderr)
        return 2
    except Exception as error:
        print(f"error: cannot draw: {reason_of(error)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
