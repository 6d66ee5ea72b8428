#!/usr/bin/python3
"""The same work done by byzsim and by torch, in one run, beside what we aim at.

    tests/bench/peers.py BUILD_DIR [--csv FILE] [--rounds 5] [--seconds 0.3] [--only WORD]
    tests/bench/peers.py --table FILE        the CSV of an earlier run as a Markdown table
    tests/bench/peers.py --page FILE         writes docs/performance.md from tests/bench/results/

BUILD_DIR is configured with -DBYZSIM_BENCH=ON. Peers are written as their users write them:
torch idioms over stacked vectors (Debian's python3-torch and python3-numpy). Every figure is the
median over the rounds; each round does byzsim's work and then the peer's. "read" is REF, the time
in which the same bytes can be read at all; it and the kernels that an aim refers to take turns with
the work, call by call, so that a busy machine hits all alike. Times are processor times, but
wall-clock times where two threads are at work.
"""
import functools
import itertools
import json
import os
import statistics
import subprocess
import sys
import time

from measurements import arguments_of, notes, np, torch, write_results
from performance_page import add_to_history, print_table, write_page

PROBES = ("read", "read_prefetched", "read_4_lines", "read_8_lines")  # the fastest is REF
SMALL, LARGE = 79_510, 1_756_426  # MLP 784-100-10 and CifarNet
METHOD = ("float32, one thread each, processor time (two threads: wall-clock time), medians of "
          "{rounds} rounds in turns within one run; values spread evenly over [-1, 1)")


# What users write in torch -----------------------------------------------------------------------

def torch_distances(x):
    return torch.cdist(x, x)


def torch_distances_by_pairs(x):
    return [torch.dist(a, b) for a, b in itertools.combinations(x, 2)]


def torch_krum_order(x, f):
    squared = torch_distances(x) ** 2
    return squared.sort(dim=1).values[:, 1:len(x) - f - 1].sum(dim=1).argsort()


def torch_mda(x, f):
    distances = torch_distances(x).tolist()
    best, chosen = float("inf"), None
    for subset in itertools.combinations(range(len(x)), len(x) - f):
        diameter = max(distances[i][j] for i, j in itertools.combinations(subset, 2))
        if diameter < best:
            best, chosen = diameter, subset
    return x[list(chosen)].mean(dim=0)


def torch_trimmed_mean(x, f):
    return x.sort(dim=0).values[f:len(x) - f].mean(dim=0)


def torch_nearest_mean(x, centre, count):
    order = (x - centre).abs().argsort(dim=0)[:count]
    return x.gather(0, order).mean(dim=0)


def torch_nnm(x, f):
    order = torch_distances(x).argsort(dim=1)[:, :len(x) - f]
    return torch.stack([x[row].mean(dim=0) for row in order])


def torch_geometric_median(x, nu=0.1, iterations=3):
    z = torch.zeros_like(x[0])
    for _ in range(iterations):
        weights = 1 / (x - z).norm(dim=1).clamp(min=nu)
        z = (weights[:, None] * x).sum(dim=0) / weights.sum()
    return z


def torch_centered_clipping(x, tau=100.0):
    v = torch.zeros_like(x[0])
    difference = x - v
    scale = (tau / difference.norm(dim=1)).clamp(max=1)
    return v + (difference * scale[:, None]).mean(dim=0)


def torch_bulyan(x, f):
    n, distances = len(x), torch_distances(x) ** 2
    left, means = list(range(n)), []
    for k in range(n - 2 * f - 2):
        scores = distances[left][:, left].sort(dim=1).values[:, 1:n - k - f - 1].sum(dim=1)
        best = [left[i] for i in scores.argsort()[:n - k - f - 2].tolist()]
        means.append(x[best].mean(dim=0))
        left.remove(best[0])
    means = torch.stack(means)
    return torch_nearest_mean(means, means.median(dim=0).values, n - 4 * f - 2)


TORCH = {
    "median": lambda x, f: x.median(dim=0).values,
    "trimmed_mean": torch_trimmed_mean,
    "meamed": lambda x, f: torch_nearest_mean(x, x.median(dim=0).values, len(x) - f),
    "phocas": lambda x, f: torch_nearest_mean(x, torch_trimmed_mean(x, f), len(x) - f),
    "distances": lambda x, f: torch_distances(x),
    "distances, peer torch.dist": lambda x, f: torch_distances_by_pairs(x),
    "krum": lambda x, f: x[torch_krum_order(x, f)[0]],
    "multi_krum": lambda x, f: x[torch_krum_order(x, f)[:len(x) - f - 2]].mean(dim=0),
    "mda": torch_mda,
    "geometric_median": lambda x, f: torch_geometric_median(x),
    "centered_clipping": lambda x, f: torch_centered_clipping(x),
    "bulyan": torch_bulyan,
    "nnm+median": lambda x, f: torch_nnm(x, f).median(dim=0).values,
}


class TorchModel:
    """One gradient by autograd, as in a training loop."""

    def __init__(self, name, batch):
        layer = torch.nn
        if name == "softmax_regression":
            network = layer.Linear(784, 10)
        elif name == "mlp":
            network = layer.Sequential(layer.Linear(784, 100), layer.Tanh(), layer.Linear(100, 10))
        else:
            network = layer.Sequential(
                layer.Conv2d(3, 64, 5, padding=2), layer.ReLU(), layer.MaxPool2d(3, 2, 1),
                layer.Conv2d(64, 64, 5, padding=2), layer.ReLU(), layer.MaxPool2d(3, 2, 1),
                layer.Flatten(), layer.Linear(4096, 384), layer.ReLU(), layer.Linear(384, 192),
                layer.ReLU(), layer.Linear(192, 10))
        self.network = network
        shape = (batch, 3, 32, 32) if name == "cifarnet" else (batch, 784)
        self.x, self.y = torch.rand(*shape), torch.randint(10, (batch,))

    def gradient(self):
        self.network.zero_grad()
        torch.nn.functional.cross_entropy(self.network(self.x), self.y).backward()
        return [p.grad for p in self.network.parameters()]


def mean(vectors, _=None):
    return vectors.mean(dim=0)


def byzfl_rules():
    """ByzFL's median and MDA, as torch_round takes them; None where ByzFL is missing."""
    sys.path.append(os.path.join(os.path.dirname(__file__), "..", "python"))
    from peer_byzfl import load_byzfl  # pylint: disable=import-outside-toplevel
    try:
        byzfl = load_byzfl()
    except ImportError:
        return None
    return byzfl.Median(), lambda vectors, f: byzfl.MDA(f)(vectors)


def torch_round(workers, middle, combine):
    """One step of ByzSGD with gradients of torch (5 servers, f = 1, gather every step): `middle` of
    the models, and `combine` of the gradients and f."""
    model = TorchModel("mlp", 32)
    parameters = list(model.network.parameters())
    servers = [torch.nn.utils.parameters_to_vector(parameters).detach().clone() for _ in range(5)]
    f = workers // 5

    def heard(vectors, count):
        return torch.stack([vectors[i] for i in np.random.permutation(len(vectors))[:count]])

    def step():
        gradients = []
        for _ in range(workers):
            torch.nn.utils.vector_to_parameters(middle(heard(servers, 4)), parameters)
            gradients.append(torch.cat([g.flatten() for g in model.gradient()]))
        updated = [server - 0.1 * combine(heard(gradients, workers - f), f) for server in servers]
        for i in range(5):
            servers[i] = middle(heard(updated, 4))

    return step


# What is compared --------------------------------------------------------------------------------

class Work:
    """A request to the work server, what a peer does instead, and the aims: functions of a Result
    that return the aim in words, the figure reached, and whether it is met."""

    def __init__(self, name, request, peer, aims, n="", f="", d="", peer_rounds=None):
        self.name, self.request, self.peer, self.aims = name, request, peer, aims
        self.n, self.f, self.d, self.peer_rounds = n, f, d, peer_rounds


class Result:
    """Milliseconds: medians over the rounds."""

    def __init__(self, work, ours, beside, peer):
        self.work, self.ours, self.beside, self.peer = work, ours, beside, peer

    def read(self):
        reads = [self.beside[probe] for probe in PROBES if probe in self.beside]
        return min(reads) if reads else None


def share_of_read(aim):
    return lambda r: (f">= {aim} % of REF", f"{100 * r.read() / r.ours:.0f} %",
                      r.read() / r.ours >= aim / 100)


def times_peer(aim, words="torch"):
    return lambda r: (f">= {aim} x {words}", f"{r.peer / r.ours:.1f} x", r.peer / r.ours >= aim)


def times_one_thread(aim):
    def figure(r):
        ratio = r.beside["one thread"] / r.ours
        return f">= {aim} x one thread", f"{ratio:.2f} x", ratio >= aim
    return figure


def at_most(aim, words, kernels):
    def figure(r):
        ratio = r.ours / sum(r.beside[kernel] for kernel in kernels)
        return f"<= {aim} x {words}", f"{ratio:.2f} x", ratio <= aim
    return figure


def pair_coordinates(aim):
    def figure(r):
        rate = r.work.n * (r.work.n - 1) / 2 * r.work.d / r.ours / 1e6
        return f">= {aim} G pair-coordinates/s", f"{rate:.1f} G", rate >= aim
    return figure


def milliseconds_at_most(aim):
    return lambda r: (f"< {aim} ms", f"{r.ours:.3f} ms", r.ours < aim)


def steps(aim):
    return lambda r: (f">= {aim} steps/s", f"{1000 / r.ours:.0f}", 1000 / r.ours >= aim)


def vector_work(name, n, f, d, aims, kernel=False, beside=(), **more):
    """A kernel or a rule on n vectors; "a+b" applies the pre-aggregator a before b."""
    rule = name.split(",")[0]
    request = {"work": "kernel", "kernel": rule} if kernel else \
        {"work": "aggregate", "rule": rule.split("+")[-1], "pre": rule.split("+")[:-1], "f": f}
    request |= {"n": n, "d": d, "beside": [*PROBES, *beside]}
    peer = (lambda x: TORCH[name](x, f)) if name in TORCH else None
    return Work(name, request, peer, aims, n, f, d, **more)


def works():
    kernel = functools.partial(vector_work, kernel=True)  # these take f = n / 3
    yield kernel("median", 11, 3, SMALL, [times_peer(150)])
    yield kernel("median", 11, 3, LARGE, [share_of_read(85), times_peer(100)])
    yield kernel("median", 25, 8, LARGE, [share_of_read(75)])
    yield kernel("median", 51, 17, LARGE, [share_of_read(55)])
    for n, aim in ((11, 75), (25, 60), (51, 35)):
        yield kernel("trimmed_mean", n, n // 3, LARGE, [share_of_read(aim)])
    for d, n in itertools.product((SMALL, LARGE), (11, 25)):
        for rule in ("meamed", "phocas"):
            yield kernel(rule, n, n // 3, d, [at_most(3, "median", ["median"])], beside=["median"])
    yield kernel("distances", 5, 1, LARGE, [share_of_read(90)])
    yield kernel("distances", 11, 3, LARGE, [share_of_read(60)])
    yield kernel("distances, peer torch.dist", 11, 3, LARGE, [])
    yield kernel("distances", 25, 8, LARGE, [pair_coordinates(30)])
    yield kernel("distances", 51, 17, LARGE, [pair_coordinates(30)])
    passes = at_most(1.1, "(distances + mean)", ["distances", "mean"])
    for d in (SMALL, LARGE):
        rule = functools.partial(vector_work, n=11, d=d, beside=["distances", "mean"])
        yield rule("krum", f=4, aims=[passes, times_peer(20)])
        yield rule("multi_krum", f=4, aims=[passes, times_peer(20)])
        yield rule("mda", f=5, aims=[passes, times_peer(20)])
        yield rule("geometric_median", f=5, aims=[passes])
        yield rule("centered_clipping", f=5, aims=[passes])
        yield rule("bulyan", f=2, aims=[times_peer(25)])
        yield rule("nnm+median", f=4, aims=[times_peer(40)])
    # With 16 coordinates MDA is its search alone; torch's enumeration takes tens of seconds.
    yield vector_work("mda", 25, 8, 16, [milliseconds_at_most(0.5)], peer_rounds=1)
    for n, f, aim in ((51, 16, 0.5), (64, 20, 1)):
        yield vector_work("mda", n, f, 16, [milliseconds_at_most(aim)], peer_rounds=0)
    for model, batch, aim in (("mlp", 32, 1.9), ("softmax_regression", 32, 3), ("cifarnet", 25, 1)):
        yield Work(f"gradient of {model}, batch {batch}",
                   {"work": "gradient", "model": model, "batch": batch},
                   TorchModel(model, batch).gradient, [times_peer(aim)])
    for workers, aim in ((10, 400), (20, 180)):
        request = {"work": "round", "workers": workers, "f": workers // 5, "steps": 2000 // workers}
        peers = [("", (lambda vectors: vectors.median(dim=0).values, torch_mda),
                  [steps(aim), times_peer(40, "ByzFL (here plain torch)")]),
                 (", peer with plain means", (mean, mean), [times_peer(1)])]
        if rules := byzfl_rules():
            peers.append((", peer with ByzFL's rules", rules,
                          [times_peer(35 if workers == 10 else 60, "ByzFL's rules")]))
        for words, rules, aims in peers:
            peer = torch_round(workers, *rules)
            yield Work(f"ByzSGD step, {workers} workers{words}", request,
                       lambda _=None, peer=peer: peer(), aims)
        yield Work(f"ByzSGD step, {workers} workers, 2 threads", request | {"threads": 2}, None,
                   [times_one_thread(1.8)])


# Measuring ---------------------------------------------------------------------------------------

class Byzsim:
    """The work server, one process for the whole run."""

    def __init__(self, build):
        self.process = subprocess.Popen(
            [os.path.join(build, "tests", "byzsim_work")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def answer(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def peer_milliseconds(peer, seconds):
    times, start = [], time.process_time()
    while not times or time.process_time() - start < seconds:
        begin = time.process_time()
        peer()
        times.append(1000 * (time.process_time() - begin))
    return statistics.median(times)


def measure(byzsim, work, seconds, rounds):
    peer = work.peer
    if work.d and peer:
        x = torch.rand(work.n, work.d) * 2 - 1
        peer = functools.partial(work.peer, x)
    peer_rounds = rounds if work.peer_rounds is None else work.peer_rounds
    ours, beside, peers = [], {}, []
    if peer and peer_rounds > 1:
        peer()  # warms up
    for number in range(rounds):
        answer = byzsim.answer(work.request | {"seconds": seconds})
        ours.append(answer["ms"])
        for kernel, ms in answer.get("beside", {}).items():
            beside.setdefault(kernel, []).append(ms)
        if peer and number < peer_rounds:
            peers.append(peer_milliseconds(peer, seconds))
    return Result(work, statistics.median(ours),
                  {kernel: statistics.median(times) for kernel, times in beside.items()},
                  statistics.median(peers) if peers else None)


COLUMNS = ["work", "n", "f", "d", "byzsim_ms", "torch_ms", "torch_over_byzsim", "read_ms",
           "share_of_read", "aim", "measured", "met"]


def row_of(result):
    figures = [aim(result) for aim in result.work.aims]
    read = result.read()
    values = [result.work.name, result.work.n, result.work.f, result.work.d, f"{result.ours:.4g}",
              result.peer and f"{result.peer:.4g}",
              result.peer and f"{result.peer / result.ours:.3g}", read and f"{read:.4g}",
              read and f"{read / result.ours:.2f}"]
    values += ["; ".join(figure[part] for figure in figures) for part in (0, 1)]
    values.append("; ".join("yes" if figure[2] else "no" for figure in figures))
    return dict(zip(COLUMNS, ("" if value is None else value for value in values)))


def main():
    arguments = arguments_of(__doc__, seconds=0.3, page="")
    if arguments.table:
        return print_table(arguments.table)
    if arguments.page:
        return write_page(arguments.page)
    facts = notes(METHOD.format(rounds=arguments.rounds))
    print("\n".join(facts))
    print(f"{'work':44} {'n':>3} {'d':>9} {'byzsim ms':>10} {'torch ms':>10} {'times':>7} "
          f"{'of REF':>7}  aims")
    byzsim, rows = Byzsim(arguments.build), []
    for work in works():
        if arguments.only not in work.name:
            continue
        row = row_of(measure(byzsim, work, arguments.seconds, arguments.rounds))
        rows.append(row)
        print(f"{row['work']:44} {row['n']:>3} {row['d']:>9} {row['byzsim_ms']:>10} "
              f"{row['torch_ms']:>10} {row['torch_over_byzsim']:>7} {row['share_of_read']:>7}  "
              f"{row['aim']} -> {row['measured']} -> {row['met']}", flush=True)
    if arguments.csv:
        write_results(arguments.csv, facts, COLUMNS, rows)
        add_to_history(facts, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
