#!/usr/bin/python3
"""Runs that byzsim imports from ByzFL beside ByzFL's own, cell by cell.

    tests/bench/byzfl_import.py BYZSIM CONFIG [--jobs 2]

CONFIG is a config.json of ByzFL's benchmark with one training algorithm, model and data set of
MNIST. byzsim runs the sweep that `byzsim import byzfl` writes; ByzFL expands the same file and runs
its `start_training` unchanged (as tests/bench/byzfl_fedavg.py calls it; ByzFL in $BYZSIM_BYZFL,
MNIST in $BYZSIM_DATA). The two draw other random numbers: the table has, for each cell, the means
and standard deviations over the seeds of the last test accuracy and of the last validation
accuracy, in percent, and the difference of the means in standard errors.
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from byzfl_fedavg import load_start_training  # noqa: E402

KINDS = ("test", "validation")


def run_ours(byzsim, config, folder, jobs):
    """{(f, distribution parameter, rule, attack): {kind: [accuracy of each seed]}}"""
    sweep, runs = os.path.join(folder, "sweep.json"), os.path.join(folder, "runs")
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([byzsim, "import", "byzfl", config, "--out", sweep], **quiet)
    subprocess.run([byzsim, "sweep", "run", sweep, "--out", runs, "--jobs", str(jobs), "--quiet"],
                   **quiet)
    subprocess.run([byzsim, "sweep", "merge", runs], **quiet)
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(os.path.join(runs, "summary.csv")) as file:
        for row in csv.DictReader(file):
            key = tuple(row.get(name, "") for name in ("f", "gamma", "aggregator", "attack"))
            cells[key]["test"].append(float(row["accuracy"]))
            cells[key]["validation"].append(float(row["validation_accuracy"]))
    return cells


def expanded(data):
    """The settings of ByzFL's runs, by ByzFL's own functions."""
    from byzfl.benchmark import benchmark
    data = benchmark.ensure_optional_config_parameters(data)
    settings = benchmark.generate_all_combinations(data, ["pre_aggregators", "milestones"])
    settings = benchmark.ensure_key_parameters(settings)
    if "tolerated_f" not in data["benchmark_config"]:
        settings = benchmark.set_tolerated_f_equal_to_real_f(settings)
    else:
        settings = benchmark.remove_real_greater_declared(settings)
    settings = benchmark.set_declared_as_aggregation_parameter(settings)
    settings = benchmark.compute_number_of_workers(settings)
    settings = benchmark.delegate_training_seeds(settings)
    return benchmark.delegate_data_distribution_seeds(settings)


def last_number(folder, beginning):
    for directory, _, names in os.walk(folder):
        for each in names:
            if each.startswith(beginning):
                with open(os.path.join(directory, each)) as file:
                    return float(file.read().replace(",", " ").split()[-1])
    raise RuntimeError(f"ByzFL wrote no {beginning}")


def run_theirs(start_training, config):
    """The same as run_ours. Each training seed is the data seed as well, as byzsim has one."""
    with open(config) as file:
        data = json.load(file)
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    for setting in expanded(data):
        run = setting["benchmark_config"]
        run["data_distribution_seed"] = run["training_seed"]
        key = (str(run["f"]), str(run["data_distribution"].get("distribution_parameter", "")),
               setting["aggregator"]["name"], setting["attack"]["name"])
        with tempfile.TemporaryDirectory() as folder:
            setting["evaluation_and_results"].update(results_directory=folder, data_folder=folder)
            start_training(setting)
            cells[key]["test"].append(last_number(folder, "test_accuracy"))
            cells[key]["validation"].append(last_number(folder, "val_accuracy"))
    return cells


def matching(key, theirs):
    """An axis of one value is no column of byzsim's tables."""
    for other in theirs:
        if all(a in ("", b) for a, b in zip(key, other)):
            return other
    raise RuntimeError(f"ByzFL has no cell {key}")


def shown(values):
    return f"{100 * statistics.mean(values):.2f} ± {100 * statistics.stdev(values):.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("byzsim")
    parser.add_argument("config")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    start_training = load_start_training()
    with tempfile.TemporaryDirectory() as folder:
        ours = run_ours(arguments.byzsim, arguments.config, folder, arguments.jobs)
    theirs = run_theirs(start_training, arguments.config)
    print("| f | parameter | rule | attack | of | byzsim | ByzFL | in standard errors |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for key, values in ours.items():
        other = matching(key, theirs)
        for kind in KINDS:
            a, b = values[kind], theirs[other][kind]
            error = (statistics.variance(a) / len(a) + statistics.variance(b) / len(b)) ** 0.5
            difference = statistics.mean(a) - statistics.mean(b)
            print(f"| {' | '.join(other)} | {kind} | {shown(a)} | {shown(b)} | "
                  f"{difference / error if error else 0:+.1f} |", flush=True)


if __name__ == "__main__":
    main()
