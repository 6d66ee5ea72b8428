#!/usr/bin/python3
"""ByzFL's aggregations and optimised attacks on the vectors of a run of byzsim.

    PYTHONPATH=build/python tests/bench/byzfl_vectors.py

A run with the settings of ByzFL's README (trimmed mean after clipping and NNM, ten honest workers
and a Byzantine one, gamma 0), for each optimised attack. In each step the vectors that the server
aggregates are also given to ByzFL's code: it prints the largest difference of a coordinate of the
two aggregates, and for both Byzantine vectors how long they are beside the honest mean, and how far
each moves the aggregate from it. ByzFL in $BYZSIM_BYZFL, MNIST in $BYZSIM_DATA.
"""
import pathlib
import sys

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from byzfl_fedavg import load_start_training  # noqa: E402

STEPS = 8
PRE = [{"name": "clipping", "parameters": {"threshold": 2.0}}, "nnm"]
ATTACKS = {"optimal_a_little_is_enough": "Optimal_ALittleIsEnough",
           "optimal_inner_product_manipulation": "Optimal_InnerProductManipulation"}


def scenario(attack):
    return {"seed": 0, "steps": STEPS + 1, "protocol": "sgd", "servers": {"count": 1},
            "workers": {"count": 11, "byzantine": 1, "aggregator": "seen", "batch_size": 25,
                        "batches": "passes"},
            "partition": {"name": "gamma_similarity_niid", "parameters": {"gamma": 0.0}},
            "model": {"name": "cnn_mnist", "parameters": {"initialisation": "torch"}},
            "data": {"name": "idx", "parameters": {"set": "mnist"}, "normalise": "mnist",
                     "validation": 0.2},
            "optimizer": {"rate": 0.1, "momentum": 0.9, "weight_decay": 0.0001},
            # The search of ByzFL, as an import writes it: that of byzsim finds more.
            "adversary": {"workers": {"name": attack, "parameters": {
                "evaluations": 20, "start": 0.0, "delta": 10.0, "ratio": 0.8}}, "rushing": "all"},
            "metrics": {"every": STEPS + 1}}


def main():
    load_start_training()  # makes ByzFL's modules importable
    import byzfl
    import byzsim
    chain = [byzfl.Clipping(2.0), byzfl.NNM(1)]
    seen = {}

    def aggregated(vectors):
        made = torch.tensor(vectors)
        for each in (*chain, byzfl.TrMean(1)):
            made = each(made)
        return made.numpy()

    @byzsim.rule(name="seen", needs="n >= 2f + 1")
    def keep(vectors, f):
        """The server's aggregation is the last one of a step, after those of the attack."""
        seen["vectors"] = numpy.array(vectors)
        return byzsim.aggregate("trimmed_mean", seen["vectors"], f=f, pre=PRE)

    for ours, theirs in ATTACKS.items():
        world = byzsim.World(scenario(ours))
        for step in range(1, STEPS + 1):
            world.run(until_step=step)
            vectors = seen["vectors"]
            honest, mean = vectors[:-1], vectors[:-1].mean(axis=0)
            other = getattr(byzfl, theirs)(byzfl.TrMean(1), chain, 1)(torch.tensor(honest)).numpy()
            length = [numpy.linalg.norm(each) / numpy.linalg.norm(mean)
                      for each in (vectors[-1], other)]
            moved = [numpy.linalg.norm(aggregated(numpy.vstack([honest, each])) - mean)
                     for each in (vectors[-1], other)]
            difference = abs(byzsim.aggregate("trimmed_mean", vectors, f=1, pre=PRE)
                             - aggregated(vectors)).max()
            print(f"{ours} step {step}: aggregates differ by {difference:.1e}; length "
                  f"{length[0]:.6g} and {length[1]:.6g}; moved by {moved[0]:.7g} and {moved[1]:.7g}",
                  flush=True)


if __name__ == "__main__":
    main()
