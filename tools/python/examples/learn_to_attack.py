"""A learner that finds an attack: how far can Byzantine workers drive the honest servers apart?

    python3 learn_to_attack.py --figure drift.svg

The run is byzsim's quickstart with a gather in every step (T = 1) and 100 steps. The adversary to
beat is the fixed one: the scheduler `keep_apart`, and `split` by Byzantine workers and servers. The
learner keeps the scheduler and the servers' attack. Every ten steps it chooses what the workers do:
`split`, or `equivocation` with a magnitude: one half of the servers gets the workers' own gradients
plus the magnitude in every coordinate, the other half minus it. A magnitude that is too large is no
use: the servers' rule (MDA) leaves such gradients out, and how large is too large depends on the
honest gradients, which change as the run goes on. The policy has three weights:

    split while log10(drift) < w0, otherwise equivocation with
    log10(magnitude) = w1 + w2 * log10(spread of the honest gradients)

They are learned by the cross-entropy method (Rubinstein 1999): draw weights from a normal
distribution, play a run with each, fit the distribution to the best. At test the policy decides on
what it observes, without looking ahead, on seeds that it has not learned on: other data, other
first models, other delays.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy

import byzsim

Array = numpy.ndarray[Any, Any]

RUN: dict[str, Any] = {"/protocol/parameters/gather_period": 1, "/steps": 100,
                       "/adversary/scheduler": "keep_apart", "/adversary/servers": "split",
                       "/adversary/workers": "split"}
LOW, HIGH, FINE = -3.0, -1.0, 0.1  # of log10(magnitude), and the difference of two choices
MOVES: list[dict[str, Any]] = [{"workers": "split"}] + [
    {"workers": {"name": "equivocation", "parameters": {"magnitude": float(f"{10 ** e:.3g}")}}}
    for e in numpy.arange(LOW, HIGH + FINE / 2, FINE)]
EVERY = 10  # steps between two decisions
TEST_SEEDS = range(6, 18)
TRAINING_SEEDS = range(1001, 2000)  # in their order, as many as are used


def act(weights: Array, observation: Array) -> int:
    """The policy: the move that it chooses for what it observes."""
    _, _, drift, _, spread, _ = map(float, observation)
    if drift < weights[0]:
        return 0
    exponent = float(weights[1] + weights[2] * spread)
    return 1 + round((min(max(exponent, LOW), HIGH) - LOW) / FINE)


def play(env: Any, weights: Array, seed: int) -> list[float]:
    """One run: the drift after each decision."""
    observation, _ = env.reset(seed=seed)
    drifts, ended = [], False
    while not ended:
        observation, _, ended, _, info = env.step(act(weights, observation))
        drifts.append(info["objective"] or 0.0)
    return drifts


def learn(env: Any, generations: int, population: int, runs: int) -> Array:
    """The weights after that many generations of that many candidates; a candidate is worth the
    mean final drift of `runs` runs on seeds that its whole generation shares."""
    draw = numpy.random.default_rng(0)
    mean, deviation = numpy.array([0.0, -2.0, 0.5]), numpy.array([1.0, 0.5, 0.5])
    seeds = iter(TRAINING_SEEDS)
    for generation in range(generations):
        candidates = mean + deviation * draw.standard_normal((population, len(mean)))
        shared = [next(seeds) for _ in range(runs)]
        worth = numpy.array([numpy.mean([play(env, each, seed)[-1] for seed in shared])
                             for each in candidates])
        best = candidates[numpy.argsort(-worth)[:max(3, population // 4)]]
        mean = best.mean(axis=0)
        # A floor keeps it from settling on what one generation's seeds happened to reward.
        deviation = numpy.maximum(best.std(axis=0), 0.4 * deviation)
        print(f"generation {generation + 1}: drift {worth.mean():.1f} on average, {worth.max():.1f}"
              f" at best; weights {numpy.round(mean, 2).tolist()}", flush=True)
    return mean


def fixed(seed: int) -> list[float]:
    """The drift of the fixed adversary at the same steps."""
    run = byzsim.run("quickstart", changes={**RUN, "/seed": seed, "/metrics/every": EVERY})
    return [float(value) for value in run.metrics["drift"]][1:]


def compare(env: Any, weights: Array, seeds: range) -> tuple[Array, Array]:
    """Prints the table; the drifts of the fixed and the learned adversary, one row a seed."""
    rows = [(fixed(seed), play(env, weights, seed)) for seed in seeds]
    before, learned = (numpy.array(each) for each in zip(*rows))
    ratios = learned[:, -1] / before[:, -1]
    print("\nseed   keep_apart + split   learned   ratio")
    for seed, one, other, ratio in zip(seeds, before[:, -1], learned[:, -1], ratios):
        print(f"{seed:4d}   {one:18.2f}   {other:7.2f}   {ratio:5.2f}")
    print(f"mean   {before[:, -1].mean():18.2f}   {learned[:, -1].mean():7.2f}")
    print(f"\nmean ratio {ratios.mean():.2f} (smallest {ratios.min():.2f}, largest "
          f"{ratios.max():.2f}) over {len(rows)} seeds that were not learned on")
    return before, learned


def draw_figure(file: str, before: Array, learned: Array) -> None:
    """Drift by step, one thin line a seed and their mean."""
    try:
        import matplotlib
    except ImportError:
        print("no figure: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(figsize=(6, 3.6), layout="constrained")
    steps = EVERY * numpy.arange(1, before.shape[1] + 1)
    for drifts, colour, name in ((before, "C0", "keep_apart + split"),
                                 (learned, "C1", "learned policy")):
        axes.plot(steps, drifts.T, colour, linewidth=0.5, alpha=0.5)
        axes.plot(steps, drifts.mean(axis=0), colour, linewidth=2, label=name)
    axes.set(xlabel="step", ylabel="drift of the honest servers", xlim=(0, steps[-1]))
    axes.set_title(f"quickstart, T = 1: {len(before)} seeds that were not learned on", fontsize=10)
    axes.legend(frameon=False)
    figure.savefig(file)
    print(f"figure: {file}")


def main() -> None:
    options = argparse.ArgumentParser(description="Learn an attack on byzsim's quickstart.")
    options.add_argument("--figure", metavar="FILE", help="write the figure there (.svg, .png)")
    options.add_argument("--short", action="store_true", help="learn little, test on two seeds")
    asked = options.parse_args()
    env = byzsim.AdversaryEnv("quickstart", changes=RUN, objective="drift", every=EVERY,
                              actions=MOVES)
    begun = time.perf_counter()
    generations, population, runs = (2, 6, 1) if asked.short else (3, 8, 2)
    weights = learn(env, generations, population, runs)
    print(f"learned from {generations * population * runs} runs in "
          f"{time.perf_counter() - begun:.0f} s")
    before, learned = compare(env, weights, TEST_SEEDS[:2] if asked.short else TEST_SEEDS)
    if asked.figure:
        draw_figure(asked.figure, before, learned)


if __name__ == "__main__":
    main()
