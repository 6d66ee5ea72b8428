"""docs/performance.md, and tables like those there, from what tests/bench/peers.py has measured."""
import glob
import os
import sys

from measurements import read_results, write_results

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")
HISTORY = os.path.join(RESULTS, "history.csv")
# What is kept of every measurement: ratios of works within one run.
RATIOS = {
    "step / its gradients, 10 workers": ("ByzSGD step, 10 workers", "gradient of mlp, batch 32",
                                         10),
    "step / its gradients, 20 workers": ("ByzSGD step, 20 workers", "gradient of mlp, batch 32",
                                         20),
}
TIMES_TORCH = {
    "torch / step, 10 workers": "ByzSGD step, 10 workers",
    "torch / step, 20 workers": "ByzSGD step, 20 workers",
    "torch's plain means / step, 20 workers": "ByzSGD step, 20 workers, peer with plain means",
    "torch / gradient of mlp": "gradient of mlp, batch 32",
}


def work_of(row):
    return row["work"] + (f", n = {row['n']}" if row["n"] else "") + \
        (f", d = {int(row['d']):,}" if row["d"] else "")


def table_of(rows):
    yield "| work | byzsim ms | torch ms | torch / byzsim | target | reached | met |"
    yield "| --- " * 7 + "|"
    for row in rows:
        yield "| " + " | ".join([work_of(row), row["byzsim_ms"], row["torch_ms"],
                                 row["torch_over_byzsim"], row["aim"], row["measured"],
                                 row["met"]]) + " |"


def aims_of(rows):
    """(work, aim, figure reached, whether it is met) of every aim."""
    for row in rows:
        if row["aim"]:
            for aim, reached, met in zip(*(row[column].split("; ")
                                           for column in ("aim", "measured", "met"))):
                yield work_of(row), aim, reached, met == "yes"


def print_table(file):
    facts, rows = read_results(file)
    print(*(f"- {fact}" for fact in facts), "", *table_of(rows), sep="\n")


def history_row(facts, rows):
    """One line of history.csv of a whole measurement; None where works are missing."""
    by_work = {row["work"]: row for row in rows}
    works = {work for one, other, _ in RATIOS.values() for work in (one, other)}
    if missing := (works | set(TIMES_TORCH.values())) - by_work.keys():
        print("no line in the history: not measured were", *sorted(missing), file=sys.stderr)
        return None
    row = {"date": next(fact for fact in facts if fact.startswith("date: "))[6:16],
           "byzsim": next(fact for fact in facts if "byzsim " in fact).split("byzsim ")[1]}
    for name, (one, other, times) in RATIOS.items():
        ratio = float(by_work[one]["byzsim_ms"]) / float(by_work[other]["byzsim_ms"]) / times
        row[name] = f"{ratio:.2f}"
    for name, work in TIMES_TORCH.items():
        row[name] = by_work[work]["torch_over_byzsim"]
    return row


def add_to_history(facts, rows):
    row = history_row(facts, rows)
    if row is None:
        return
    notes, known = read_results(HISTORY) if os.path.exists(HISTORY) else ([], [])
    known = [each for each in known if each["byzsim"] != row["byzsim"]]
    write_results(HISTORY, notes, list(row), [*known, row])


def history_lines():
    if not os.path.exists(HISTORY):
        return
    _, rows = read_results(HISTORY)
    yield "\n## By version\n\nRatios of works within one run each, on one thread.\n"
    yield "| " + " | ".join(rows[0]) + " |"
    yield "| --- " * len(rows[0]) + "|"
    yield from ("| " + " | ".join(row.values()) + " |" for row in rows)


PAGE_HEAD = """\
<!-- Written by tests/bench/peers.py --page from tests/bench/results/*.csv; do not edit. -->

# Performance

Run time of byzsim, of the same operation written in PyTorch as its users write it, and byzsim's
target. Both are measured in turns within one run, on one core unless a row states otherwise.

Four kinds of work are measured:

- **aggregation rules and their kernels** on n vectors of d coordinates: d = 79,510 is the
  multilayer perceptron 784-100-10, whose vectors stay in the cache; d = 1,756,426 is CifarNet,
  whose vectors are read from memory; d = 16 leaves the search of MDA alone;
- **gradients** of one mini-batch, forward and backward;
- **steps of ByzSGD**: every worker's median and gradient, MDA at five servers, and a gather;
- **two threads**: the same steps, compared with one thread by wall-clock time.

How to read the columns:

- **REF** is the time needed to read the same bytes: the fastest of four read probes, run in turns
  with the work.
- **distances + mean** is one pass that computes all pairwise distances and one that computes a
  mean: the reference for rules that need little more than these.
- **pair-coordinates**: a distance matrix of n vectors has n (n - 1) / 2 pairs of d coordinates.
- The PyTorch versions of rules that need distances call `torch.cdist`. The row "peer torch.dist"
  uses a loop over pairs, which is faster from memory.
- The target of 40 times ByzFL is compared with plain PyTorch here, which is faster than ByzFL.

Times of different machines, or of different days on a shared machine, are not comparable; the
ratios within a row are.

To measure again, in a build with `-DBYZSIM_BENCH=ON` and with Debian's `python3-torch`:

<!-- not run: takes minutes, and needs PyTorch -->
```console
$ tests/bench/peers.py build --csv tests/bench/results/MACHINE.csv
$ tests/bench/peers.py --page docs/performance.md
```

`byzsim_bench` prints single kernels as shares of the read speed, `byzsim_hold` times the event
queue beside `std::priority_queue`, `tests/bench/sweep_overhead.py` measures what a sweep costs in
addition to its runs, and `byzsim_work` counts allocations. `byzsim_cores` measures how fast a core
reads vectors that another one wrote: threads share nearly all vectors of a step. On the AMD EPYC
below a word takes 213 ns from one core to the other and such vectors 2.4 times as long as a core's
own, so that two threads cannot double the speed there, while two runs of one thread each, at once,
take as long as one alone.
"""


def section_of(file):
    """The page's part on one machine: its facts, the targets it does not meet, all rows."""
    facts, rows = read_results(file)
    aims = list(aims_of(rows))
    missed = [aim for aim in aims if not aim[3]]
    yield f"\n## {os.path.splitext(os.path.basename(file))[0]}\n"
    yield from (f"- {fact}" for fact in facts)
    yield f"\n### Targets not met\n\n{len(aims) - len(missed)} of {len(aims)} targets are met." + \
        (" These are not:\n" if missed else "")
    yield from (f"- {work}: {reached} (target {aim})" for work, aim, reached, _ in missed)
    yield "\n### All measurements\n"
    yield from table_of(rows)


def write_page(page):
    # The other files there have other columns.
    files = sorted(file for file in glob.glob(os.path.join(RESULTS, "*.csv"))
                   if "byzsim_ms" in read_results(file)[1][0] and
                   not os.path.basename(file).startswith("python-"))  # python_peers.py's own
    with open(page, "w") as out:
        print(PAGE_HEAD.rstrip(), *history_lines(),
              *(line for file in files for line in section_of(file)),
              sep="\n", file=out)
