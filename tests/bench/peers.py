#!/usr/bin/python3
"""The same work done by byzsim and by what its users have today, in one run, printed as ratios.

    tests/bench/peers.py BUILD_DIR [--csv FILE] [--rounds 3] [--seconds 0.3] [--only WORD]

BUILD_DIR is configured with -DBYZSIM_BENCH=ON. Peers are written as their users write them: torch and
numpy idioms over stacked vectors (Debian's python3-torch and python3-numpy), one thread, float32. Each
round does all works in turns, byzsim then the peer; the figures are medians over the rounds, so that a
noisy machine hits both sides alike. "read" is the speed at which the same bytes can be read at all.
"""
import argparse
import csv
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # several pools in one process collapse by up to 50 times

import numpy as np
import torch

torch.set_num_threads(1)
SMALL, LARGE = 79_510, 1_756_426  # MLP 784-100-10 and CifarNet


class Byzsim:
    """The work server, one process for the whole run."""

    def __init__(self, build):
        self.process = subprocess.Popen(
            [os.path.join(build, "tests", "byzsim_work")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def milliseconds(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["ms"]


def milliseconds(work, seconds):
    """The median over repetitions of a peer's work, at least three after one that warms up."""
    work()
    times, start = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


# What users write in torch -------------------------------------------------------------------------

def torch_distances(x):
    n = len(x)
    squared = torch.zeros(n, n)
    for i, j in itertools.combinations(range(n), 2):
        squared[i, j] = squared[j, i] = (x[i] - x[j]).pow(2).sum()
    return squared


def torch_krum_order(x, f):
    squared = torch_distances(x)
    scores = squared.sort(dim=1).values[:, 1:len(x) - f - 1].sum(dim=1)
    return scores.argsort()


def torch_mda(x, f):
    n, squared = len(x), torch_distances(x).tolist()
    best, chosen = float("inf"), None
    for subset in itertools.combinations(range(n), n - f):
        diameter = max(squared[i][j] for i, j in itertools.combinations(subset, 2))
        if diameter < best:
            best, chosen = diameter, subset
    return x[list(chosen)].mean(dim=0)


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
    n, squared = len(x), torch_distances(x)
    left, chosen = list(range(n)), []
    while len(chosen) < n - 2 * f:
        part = squared[left][:, left]
        score = part.sort(dim=1).values[:, 1:max(2, len(left) - f - 1)].sum(dim=1)
        chosen.append(left.pop(int(score.argmin())))
    selected = x[chosen]
    return torch_nearest_mean(selected, selected.median(dim=0).values, n - 4 * f)


TORCH_RULES = {
    "average": lambda x, f: x.mean(dim=0),
    "median": lambda x, f: x.median(dim=0).values,
    "trimmed_mean": lambda x, f: x.sort(dim=0).values[f:len(x) - f].mean(dim=0),
    "meamed": lambda x, f: torch_nearest_mean(x, x.median(dim=0).values, len(x) - f),
    "phocas": lambda x, f: torch_nearest_mean(
        x, x.sort(dim=0).values[f:len(x) - f].mean(dim=0), len(x) - f),
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
            network = layer.Sequential(layer.Linear(784, 100), layer.ReLU(), layer.Linear(100, 10))
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


def torch_round(workers, plain):
    """One step of ByzSGD in torch (5 servers, f = 1, gather every step); with `plain` all means."""
    model = TorchModel("mlp", 32)
    parameters = list(model.network.parameters())
    servers = [torch.nn.utils.parameters_to_vector(parameters).detach().clone() for _ in range(5)]
    f = workers // 5

    def heard(vectors, count):
        return torch.stack([vectors[i] for i in np.random.permutation(len(vectors))[:count]])

    def step():
        gradients = []
        for _ in range(workers):
            models = heard(servers, 4)
            at = models.mean(dim=0) if plain else models.median(dim=0).values
            torch.nn.utils.vector_to_parameters(at, parameters)
            gradients.append(torch.cat([g.flatten() for g in model.gradient()]))
        updated = []
        for server in servers:
            quorum = heard(gradients, workers - f)
            update = quorum.mean(dim=0) if plain else torch_mda(quorum, f)
            updated.append(server - 0.1 * update)
        for i in range(5):
            models = heard(updated, 4)
            servers[i] = models.mean(dim=0) if plain else models.median(dim=0).values

    return step


def rule_works():
    for n, d in itertools.product((5, 11, 25, 51), (SMALL, LARGE)):
        for rule in ("average", "median", "trimmed_mean", "meamed", "phocas", "krum", "multi_krum",
                     "mda", "geometric_median", "centered_clipping", "bulyan", "nnm+median"):
            f = (n - 3) // 4 if rule == "bulyan" else (n - 3) // 2
            subsets_too_many = rule == "mda" and n > 11
            yield rule, n, f, d, subsets_too_many


def measure(byzsim, seconds, rounds, only):
    """Yields a row a work: what, n, f, d, byzsim, peer, read (ms, medians over the rounds)."""
    vectors = {}
    for rule, n, f, d, peer_hopeless in rule_works():
        if only and only not in rule:
            continue
        if f < 1 and rule not in ("average",):
            continue
        if d == LARGE and n > 25 and rule not in ("median", "trimmed_mean", "krum"):
            continue  # minutes of peers' time for nothing new
        if (n, d) not in vectors:
            vectors = {(n, d): torch.rand(n, d) * 2 - 1}
        x = vectors[n, d]
        chain = rule.split("+")
        ours, peers, reads = [], [], []
        for _ in range(rounds):
            ours.append(byzsim.milliseconds(work="aggregate", rule=chain[-1], pre=chain[:-1], n=n,
                                            f=f, d=d, seconds=seconds))
            reads.append(byzsim.milliseconds(work="read", n=n, d=d, seconds=seconds))
            if not peer_hopeless:
                peers.append(milliseconds(lambda: TORCH_RULES[rule](x, f), seconds))
        yield rule, n, f, d, ours, peers, reads
    for model, batch in (("mlp", 32), ("softmax_regression", 32), ("cifarnet", 25)):
        if only and only not in "gradient " + model:
            continue
        peer = TorchModel(model, batch)
        pairs = [(byzsim.milliseconds(work="gradient", model=model, batch=batch, seconds=seconds),
                  milliseconds(peer.gradient, seconds)) for _ in range(rounds)]
        yield f"gradient {model}, batch {batch}", "", "", "", [a for a, _ in pairs], \
            [b for _, b in pairs], []
    for workers in (10, 20):
        f = workers // 5
        for plain in (False, True):
            if only and only not in "round":
                continue
            # The enumeration of MDA's subsets takes minutes with 20 workers: plain means only.
            if workers == 20 and not plain:
                continue
            step = torch_round(workers, plain)
            pairs = [(byzsim.milliseconds(work="round", workers=workers, f=f, steps=60),
                      milliseconds(step, seconds)) for _ in range(rounds)]
            what = "torch's plain means" if plain else "torch with MDA and medians"
            yield f"round of {workers} workers, peer: {what}", workers, f, SMALL, \
                [a for a, _ in pairs], [b for _, b in pairs], []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--csv")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                if line.startswith("model name")), platform.machine())
    print(f"{cpu}; torch {torch.__version__}, numpy {np.__version__}; one thread, float32; "
          f"medians of {arguments.rounds} rounds")
    header = ["work", "n", "f", "d", "byzsim_ms", "peer_ms", "peer_over_byzsim", "read_ms",
              "share_of_read"]
    print(f"{'work':44} {'n':>3} {'f':>3} {'d':>9} {'byzsim ms':>10} {'peer ms':>10} "
          f"{'times':>7} {'of read':>8}")
    rows = []
    for what, n, f, d, ours, peers, reads in measure(
            Byzsim(arguments.build), arguments.seconds, arguments.rounds, arguments.only):
        mine = statistics.median(ours)
        peer = statistics.median(peers) if peers else None
        times = statistics.median(b / a for a, b in zip(ours, peers)) if peers else None
        share = statistics.median(r / a for a, r in zip(ours, reads)) if reads else None
        rows.append([what, n, f, d, mine, peer, times, statistics.median(reads) if reads else None,
                     share])
        print(f"{what:44} {n:>3} {f:>3} {d:>9} {mine:>10.4f} "
              f"{peer if peer is None else format(peer, '10.3f')!s:>10} "
              f"{'-' if times is None else format(times, '.1f'):>7} "
              f"{'-' if share is None else format(share, '.0%'):>8}", flush=True)
    if arguments.csv:
        with open(arguments.csv, "w", newline="") as file:
            csv.writer(file).writerows([header] + rows)


if __name__ == "__main__":
    sys.exit(main())
