#!/usr/bin/python3
"""byzsim's Python package beside ByzFL and PyTorch, in one run.

    tests/bench/python_peers.py BUILD_DIR [--csv FILE] [--rounds 5] [--seconds 0.2] [--only WORD]
    tests/bench/python_peers.py --table FILE      the CSV of an earlier run as a Markdown table

BUILD_DIR is configured with -DBYZSIM_PYTHON=ON; ByzFL is looked for in $BYZSIM_BYZFL, too
(tests/python/peer_byzfl.py). Measured: rules on numpy arrays, calls on arrays of one coordinate,
and a training loop written for ByzFL whose one import line is changed (byzfl_training.py). Every
figure is the median over the rounds of processor times of one thread; in each round all take turns.

The row "10 threads of Python" is `byzsim.aggregate` called by ten threads at once, beside one that
calls alone, by the wall clock: "throughput" is their calls a second over those of the one, "cores"
their processor time over the time that passed. Every answer is compared with that of the one, bit
for bit.

"byzsim" is `byzsim.aggregate`, "byzsim.byzfl" ByzFL's classes there, "bound call" the extension
module's function that `byzsim.aggregate` ends in, "difference" the largest between byzsim.byzfl's
result and ByzFL's, relative to the largest value.
"""
import contextlib
import functools
import importlib.metadata
import json
import os
import signal
import statistics
import sys
import threading
import time
import types

import measurements  # first: it keeps the libraries to one thread
from measurements import np, torch

import peers

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = ["work", "n", "f", "d", "byzsim_ms", "bound_call_ms", "byzsim_byzfl_ms", "byzfl_ms",
           "torch_ms", "byzfl_over_byzsim", "byzfl_over_byzsim_byzfl", "torch_over_byzsim",
           "difference", "throughput", "cores"]
WAYS = ("byzsim", "bound_call", "byzsim_byzfl", "byzfl", "torch")


class Work:
    """Functions to time by way. `slow` ones run once, and no longer than the limit."""

    def __init__(self, name, calls, n="", f="", d="", slow=(), per=1):
        self.name, self.calls, self.n, self.f, self.d = name, calls, n, f, d
        self.slow, self.per = slow, per


# What is compared --------------------------------------------------------------------------------

class Libraries:
    """The packages, loaded once."""

    def __init__(self, build):
        sys.path[:0] = [os.path.join(build, "python"), os.path.join(HERE, "..", "python")]
        import byzsim
        import byzsim.byzfl
        from peer_byzfl import load_byzfl
        self.byzsim, self.moved, self.byzfl = byzsim, byzsim.byzfl, load_byzfl()

    def core(self, rule, pre, f):
        """The function of the extension module that `byzsim.aggregate` ends in."""
        bound = self.byzsim._core.Aggregation(json.dumps(rule), json.dumps(pre), f)
        return lambda vectors: bound.aggregate(vectors, None, None, 1, 1)


# Our rule, its parameters, and ByzFL's classes in the order in which they are applied.
RULES = {
    "median": ("median", {}, ["Median"]),
    "trimmed mean": ("trimmed_mean", {}, ["TrMean"]),
    "Krum": ("krum", {"neighbours": "n-f-1"}, ["Krum"]),
    "MDA": ("mda", {}, ["MDA"]),
    "NNM + trimmed mean": ("trimmed_mean", {}, ["NNM", "TrMean"]),
    "geometric median": ("geometric_median", {}, ["GeometricMedian"]),
}
TORCH = {
    "median": peers.TORCH["median"], "trimmed mean": peers.TORCH["trimmed_mean"],
    "Krum": peers.TORCH["krum"], "MDA": peers.TORCH["mda"],
    "NNM + trimmed mean": lambda x, f: peers.torch_trimmed_mean(peers.torch_nnm(x, f), f),
    "geometric median": peers.TORCH["geometric_median"],
}


def chain_of(library, classes, f):
    """The classes' objects as one function of vectors."""
    objects = [getattr(library, name)() if name in ("Median", "GeometricMedian")
               else getattr(library, name)(f) for name in classes]
    return lambda vectors: functools.reduce(lambda given, each: each(given), objects, vectors)


def rule_work(libraries, name, n, f, d):
    rule, parameters, classes = RULES[name]
    vectors = np.random.default_rng(1).uniform(-1, 1, (n, d)).astype(np.float32)
    pre = [each.lower() for each in classes[:-1]]
    core = libraries.core({"name": rule, "parameters": parameters}, pre, f)
    moved, byzfl = (chain_of(each, classes, f) for each in (libraries.moved, libraries.byzfl))
    tensor = torch.from_numpy(vectors)
    calls = {
        "byzsim": lambda: libraries.byzsim.aggregate(rule, vectors, f=f, pre=pre, **parameters),
        "bound_call": lambda: core(vectors), "byzsim_byzfl": lambda: moved(vectors),
        "byzfl": lambda: byzfl(vectors), "torch": lambda: TORCH[name](tensor, f)}
    # Over a million subsets, by Python.
    return Work(name, calls, n, f, d, ("byzfl", "torch") if name == "MDA" and n > 20 else ())


def call_works(libraries):
    """Calls on so little data that they are all overhead."""
    vectors = np.random.default_rng(1).uniform(-1, 1, (11, 1)).astype(np.float32)
    tensor, median = torch.from_numpy(vectors), libraries.core("median", [], 3)
    aggregate = libraries.byzsim.aggregate

    def work(name, ours, given=vectors, core=median, **more):
        return Work("call: " + name, {"byzsim": ours, "bound_call": lambda: core(given)} | more,
                    11, 3, 1)

    yield work("median of an array", lambda: aggregate("median", vectors, f=3),
               byzsim_byzfl=lambda moved=libraries.moved.Median(): moved(vectors),
               byzfl=lambda byzfl=libraries.byzfl.Median(): byzfl(vectors),
               torch=lambda: peers.TORCH["median"](tensor, 3))
    rows, out = list(vectors), np.empty(1, np.float32)
    yield work("median of a list of arrays", lambda: aggregate("median", rows, f=3), rows)
    yield work("median of a tensor", lambda: aggregate("median", tensor, f=3))
    yield work("median of an array into another",
               lambda: aggregate("median", vectors, f=3, out=out))
    yield work("Krum with a parameter after NNM",
               lambda: aggregate("krum", vectors, f=3, pre=["nnm"], neighbours="n-f-1"),
               core=libraries.core({"name": "krum", "parameters": {"neighbours": "n-f-1"}}, ["nnm"],
                                   3))


def training_function(libraries, module, attack):
    """`train` of byzfl_training.py with its import of ByzFL from `module`."""
    with open(os.path.join(HERE, "byzfl_training.py")) as file:
        script = file.read()
    line = "from byzfl import NNM, ALittleIsEnough, TrMean"
    assert line in script
    loop = types.ModuleType(module)
    exec(script.replace(line, line.replace("byzfl", module)), vars(loop))
    if attack == "Optimal_ALittleIsEnough":
        library = sys.modules[module]
        loop.ALittleIsEnough = lambda tau: library.Optimal_ALittleIsEnough(
            library.TrMean(loop.BYZANTINE), [library.NNM(loop.BYZANTINE)], loop.BYZANTINE)
    return loop.train


def training_work(libraries, attack, steps):
    moved, byzfl = (training_function(libraries, module, attack)
                    for module in ("byzsim.byzfl", "byzfl"))
    return Work(f"training step, NNM + TrMean against {attack}",
                {"byzsim_byzfl": lambda: moved(steps)[0].numpy(),
                 "byzfl": lambda: byzfl(steps)[0].numpy()}, 13, 3, peers.SMALL, per=steps)


def works(libraries):
    """Functions that make each work, by name, so that only one holds its vectors at a time."""
    for n in (11, 25):
        for d in (peers.SMALL, peers.LARGE):
            for name in RULES:
                yield name, functools.partial(rule_work, libraries, name, n, n // 3, d)
    for work in call_works(libraries):
        yield work.name, lambda work=work: work
    for attack, steps in (("ALittleIsEnough", 50), ("Optimal_ALittleIsEnough", 10)):
        yield "training step", functools.partial(training_work, libraries, attack, steps)


# Threads -----------------------------------------------------------------------------------------

def calls_at_once(call, threads, seconds):
    """(calls a second, processor time over wall-clock time) of that many threads at once."""
    counts, ready = [0] * threads, threading.Barrier(threads + 1)

    def work(number):
        ready.wait()
        while time.perf_counter() < end:
            call()
            counts[number] += 1
    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for each in workers:
        each.start()
    begin, processor = time.perf_counter(), time.process_time()
    end = begin + seconds
    ready.wait()
    for each in workers:
        each.join()
    passed = time.perf_counter() - begin
    return sum(counts) / passed, (time.process_time() - processor) / passed


def threads_row(libraries, rounds, seconds, n=11, f=3, d=peers.SMALL):
    vectors = np.random.default_rng(1).uniform(-1, 1, (n, d)).astype(np.float32)
    # Answers are compared once the clock has stopped: comparing takes longer than the median, and
    # Python does it in one thread at a time.
    wanted = libraries.byzsim.aggregate("median", vectors, f=f)
    answers = []

    def call():
        answer = libraries.byzsim.aggregate("median", vectors, f=f)
        if len(answers) < 1000:
            answers.append(answer)
    one, ten, cores = [], [], []
    for _ in range(rounds):
        one.append(calls_at_once(call, 1, seconds)[0])
        rate, used = calls_at_once(call, 10, seconds)
        ten.append(rate)
        cores.append(used)
    assert all(np.array_equal(answer, wanted) for answer in answers)
    alone = statistics.median(one)
    return {"work": "10 threads of Python: median", "n": n, "f": f, "d": d,
            "byzsim_ms": shown(1000 / alone), "difference": "0.0e+00",
            "throughput": shown(statistics.median(ten) / alone),
            "cores": shown(statistics.median(cores))}


# Measuring ---------------------------------------------------------------------------------------

@contextlib.contextmanager
def limited(seconds):
    """Raises TimeoutError after so many seconds."""
    def stop(*_):
        raise TimeoutError
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def seconds_of(call, times):
    begin = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - begin) / times


def milliseconds(call, seconds):
    """The median time of a call over `seconds` of calls, which are timed by 0.2 ms of them."""
    once = seconds_of(call, 1)
    if once > seconds:
        return 1000 * once
    batch = max(1, round(2e-4 / max(seconds_of(call, 1), 1e-7)))
    times, start = [], time.process_time()
    while not times or time.process_time() - start < seconds:
        times.append(seconds_of(call, batch))
    return 1000 * statistics.median(times)


def once_milliseconds(call, limit):
    """The time of one call; a string where it exceeds the limit."""
    try:
        with limited(limit):
            return 1000 * seconds_of(call, 1)
    except TimeoutError:
        return f"> {1000 * limit}"


def difference_of(work):
    if work.slow or "byzfl" not in work.calls or "byzsim_byzfl" not in work.calls:
        return None
    mine, other = (np.asarray(work.calls[way](), np.float64) for way in ("byzsim_byzfl", "byzfl"))
    return np.abs(mine - other).max() / np.abs(other).max()


def measure(work, rounds, seconds, limit):
    """The median of every way, in milliseconds, and the difference of the results."""
    difference, times = difference_of(work), {}
    for number in range(rounds):
        for way, call in work.calls.items():
            if way in work.slow and number == 0:
                times[way] = once_milliseconds(call, limit)
            elif way not in work.slow:
                times.setdefault(way, []).append(milliseconds(call, seconds) / work.per)
    return {way: statistics.median(found) if isinstance(found, list) else found
            for way, found in times.items()}, difference


def ratio(times, over, under):
    if over not in times or under not in times:
        return ""
    if isinstance(times[over], str):
        return "> " + shown(float(times[over][2:]) / times[under])
    return shown(times[over] / times[under])


def shown(value):
    """Three digits at least, and no exponent where it is large."""
    return value if isinstance(value, str) else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def row_of(work, times, difference):
    row = {"work": work.name, "n": work.n, "f": work.f, "d": work.d,
           "difference": "" if difference is None else f"{difference:.1e}",
           "byzfl_over_byzsim": ratio(times, "byzfl", "byzsim"),
           "byzfl_over_byzsim_byzfl": ratio(times, "byzfl", "byzsim_byzfl"),
           "torch_over_byzsim": ratio(times, "torch", "byzsim")}
    return row | {way + "_ms": shown(times.get(way, "")) for way in WAYS}


def notes(arguments):
    facts = measurements.notes(
        f"float32, one thread, processor time, medians of {arguments.rounds} rounds in turns within "
        "one run; values spread evenly over [-1, 1); MDA of ByzFL and PyTorch at n = 25 is timed "
        f"once, for at most {arguments.limit} s")
    facts[1] += f", ByzFL {byzfl_version()}"
    return facts


def byzfl_version():
    folder = os.environ.get("BYZSIM_BYZFL")
    found = importlib.metadata.distributions(**({"path": [folder]} if folder else {}))
    return next((each.version for each in found if each.metadata["Name"] == "byzfl"), "?")


def print_table(file):
    facts, rows = measurements.read_results(file)
    print(*(f"- {fact}" for fact in facts), "", sep="\n")
    columns = [column for column in COLUMNS if column not in ("n", "f", "d")]
    print("| " + " | ".join(column.replace("_", " ") for column in columns) + " |")
    print("| --- " * len(columns) + "|")
    for row in rows:
        place = f", n = {row['n']}, f = {row['f']}, d = {int(row['d']):,}"
        cells = [row.get(column) or "" for column in columns[1:]]
        print("| " + " | ".join([row["work"] + place, *cells]), "|")


def rows_of(libraries, arguments):
    for name, make in works(libraries):
        if arguments.only in name:
            work = make()
            yield row_of(work, *measure(work, arguments.rounds, arguments.seconds,
                                        arguments.limit))
    if arguments.only in "10 threads of Python":
        yield threads_row(libraries, arguments.rounds, arguments.seconds)


def main():
    arguments = measurements.arguments_of(__doc__, seconds=0.2, limit=120)
    if arguments.table:
        return print_table(arguments.table)
    facts, rows = notes(arguments), []
    print("\n".join(facts))
    for row in rows_of(Libraries(arguments.build), arguments):
        rows.append(row)
        print("  ".join(f"{column} {value}" for column, value in row.items() if value != ""),
              flush=True)
    if arguments.csv:
        measurements.write_results(arguments.csv, facts, COLUMNS, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
