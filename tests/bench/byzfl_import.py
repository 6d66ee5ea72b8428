#!/usr/bin/python3
"""Runs that byzsim imports from ByzFL beside ByzFL's own, cell by cell.

    tests/bench/byzfl_import.py BYZSIM CONFIG --csv FILE [--jobs 2]   run what FILE lacks
    tests/bench/byzfl_import.py --table FILE                          the tables of that file

CONFIG is a config.json of ByzFL's benchmark with one training algorithm, model and data set of
MNIST. Each run is made by both programs, seed by seed: byzsim runs the sweep of one run that
`byzsim import byzfl` writes, ByzFL runs its `start_training` unchanged (as
tests/bench/byzfl_fedavg.py calls it; ByzFL in $BYZSIM_BYZFL, MNIST in $BYZSIM_DATA), each on one
thread. FILE gets a line for each run of each program as soon as it is done, with its last test and
validation accuracy and its processor time in seconds.

The two draw other random numbers: the tables have means and standard deviations over the seeds, and
the difference of the means in standard errors. Where a program has made one seed, the spread of the
other stands for its own. In each cell of a map the attack is the worst of those in CONFIG.
"""
import argparse
import collections
import copy
import csv
import glob
import json
import multiprocessing
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from byzfl_fedavg import load_start_training  # noqa: E402

CELL = ("f", "parameter", "rule", "attack")
COLUMNS = ("program", *CELL, "seed", "test", "validation", "processor_seconds")
PROGRAMS = ("byzsim", "ByzFL")


def expanded(data):
    """The settings of ByzFL's runs, by ByzFL's own functions, seed by seed."""
    load_start_training()  # makes ByzFL's modules importable
    from byzfl.benchmark import benchmark
    data = benchmark.ensure_optional_config_parameters(copy.deepcopy(data))
    settings = benchmark.generate_all_combinations(data, ["pre_aggregators", "milestones"])
    settings = benchmark.ensure_key_parameters(settings)
    if "tolerated_f" not in data["benchmark_config"]:
        settings = benchmark.set_tolerated_f_equal_to_real_f(settings)
    else:
        settings = benchmark.remove_real_greater_declared(settings)
    settings = benchmark.set_declared_as_aggregation_parameter(settings)
    settings = benchmark.compute_number_of_workers(settings)
    settings = benchmark.delegate_training_seeds(settings)
    settings = benchmark.delegate_data_distribution_seeds(settings)
    return sorted(settings, key=lambda setting: setting["benchmark_config"]["training_seed"])


def key_of(setting):
    run = setting["benchmark_config"]
    return (str(run["f"]), str(run["data_distribution"].get("distribution_parameter", "")),
            setting["aggregator"]["name"], setting["attack"]["name"], str(run["training_seed"]))


def configuration_of(data, setting):
    """The configuration of the one run of a setting."""
    data, run = copy.deepcopy(data), setting["benchmark_config"]
    distribution = copy.deepcopy(run["data_distribution"])
    if "distribution_parameter" in distribution:
        distribution["distribution_parameter"] = [distribution["distribution_parameter"]]
    asked = data["benchmark_config"]
    asked.update(f=[run["f"]], data_distribution=[distribution],
                 training_seed=run["training_seed"], nb_training_seeds=1)
    if "tolerated_f" in asked:
        asked["tolerated_f"] = [run["tolerated_f"]]
    named = {kind: [each for each in data[kind] if each["name"] == setting[kind]["name"]]
             for kind in ("aggregator", "attack")}
    return data | named


def run_ours(byzsim, data, setting):
    """(test accuracy, validation accuracy) at the end, by byzsim."""
    with tempfile.TemporaryDirectory() as folder:
        config, sweep, runs = (os.path.join(folder, each) for each in ("c.json", "s.json", "runs"))
        with open(config, "w") as file:
            json.dump(configuration_of(data, setting), file)
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([byzsim, "import", "byzfl", config, "--out", sweep], **quiet)
        subprocess.run([byzsim, "sweep", "run", sweep, "--out", runs, "--jobs", "1", "--quiet"],
                       **quiet)
        made, = glob.glob(os.path.join(runs, "runs", "*", "metrics.csv"))
        with open(made) as file:
            last = list(csv.DictReader(file))[-1]
        return float(last["accuracy"]), float(last["validation_accuracy"])


def last_number(folder, beginning):
    for directory, _, names in os.walk(folder):
        for each in names:
            if each.startswith(beginning):
                with open(os.path.join(directory, each)) as file:
                    return float(file.read().replace(",", " ").split()[-1])
    raise RuntimeError(f"ByzFL wrote no {beginning}")


def run_theirs(setting):
    """The same by ByzFL. Each training seed is the data seed as well, as byzsim has one."""
    import torch
    torch.set_num_threads(1)
    start_training = load_start_training()
    run = setting["benchmark_config"]
    run.update(data_distribution_seed=run["training_seed"], device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        setting["evaluation_and_results"].update(results_directory=folder, data_folder=folder)
        start_training(setting)
        return last_number(folder, "test_accuracy"), last_number(folder, "val_accuracy")


def measured(work):
    """The row of one run, which a process of its own makes."""
    program, byzsim, data, setting = work
    key = key_of(setting)
    made = run_ours(byzsim, data, setting) if program == "byzsim" else run_theirs(setting)
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(each.ru_utime + each.ru_stime for each in used)
    return dict(zip(COLUMNS, (program, *key, *(f"{each:.4f}" for each in made), f"{seconds:.1f}")))


def rows_of(path):
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return list(csv.DictReader(file))


def run_missing(byzsim, config, path, jobs):
    with open(config) as file:
        data = json.load(file)
    rows = rows_of(path)
    done = {(row["program"], *(row[name] for name in (*CELL, "seed"))) for row in rows}
    works = [(program, byzsim, data, setting) for setting in expanded(data) for program in PROGRAMS
             if (program, *key_of(setting)) not in done]
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=1) as pool, \
            open(path, "a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not rows:
            writer.writeheader()
        for count, row in enumerate(pool.imap_unordered(measured, works), 1):
            writer.writerow(row)
            file.flush()
            print(f"{count} of {len(works)} after {time.monotonic() - began:.0f} s: "
                  f"{' '.join(row.values())}", file=sys.stderr, flush=True)


def shown(values):
    spread = f" ± {100 * statistics.stdev(values):.1f}" if len(values) > 1 else ""
    return f"{100 * statistics.mean(values):.1f}{spread}"


def in_standard_errors(a, b):
    """The difference of the means; the spread of the other stands for that of a single seed."""
    spreads = [statistics.variance(each) for each in (a, b) if len(each) > 1]
    if not spreads:
        return "one seed"
    error = (spreads[0] / len(a) + spreads[-1] / len(b)) ** 0.5
    return f"{(statistics.mean(a) - statistics.mean(b)) / error:+.1f}" if error else "0"


def cells_of(rows, kind):
    """{cell: {program: accuracies of its seeds}}, of the cells that both programs made"""
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows:
        cells[tuple(row[name] for name in CELL)][row["program"]].append(float(row[kind]))
    return {cell: made for cell, made in sorted(cells.items()) if len(made) == len(PROGRAMS)}


def print_maps(cells):
    """The worst attack of each cell, by each program."""
    print("| rule | f | parameter | " + " | ".join(PROGRAMS) + " | in standard errors |")
    print("| --- | --- | --- | --- | --- | --- |")
    for rule, f, parameter in sorted({(rule, f, parameter) for f, parameter, rule, _ in cells}):
        attacks = {cell[3]: made for cell, made in cells.items()
                   if cell[:3] == (f, parameter, rule)}
        worst = {program: min(attacks, key=lambda each: statistics.mean(attacks[each][program]))
                 for program in PROGRAMS}
        values = [attacks[worst[program]][program] for program in PROGRAMS]
        of = [f"{shown(value)} ({worst[program]})" for value, program in zip(values, PROGRAMS)]
        print(f"| {rule} | {f} | {parameter} | {' | '.join(of)} | {in_standard_errors(*values)} |")


def print_cells(cells):
    print("| rule | f | parameter | attack | " + " | ".join(PROGRAMS) + " | in standard errors |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for (f, parameter, rule, attack), made in sorted(cells.items(), key=lambda c: c[0][2]):
        values = [made[program] for program in PROGRAMS]
        print(f"| {rule} | {f} | {parameter} | {attack} | {' | '.join(map(shown, values))} | "
              f"{in_standard_errors(*values)} |")


def print_times(rows):
    print("| attack | " + " | ".join(PROGRAMS) + " | ratio |")
    print("| --- | --- | --- | --- |")
    for attack in sorted({row["attack"] for row in rows}):
        means = [statistics.mean(float(row["processor_seconds"]) for row in rows
                                 if (row["program"], row["attack"]) == (program, attack))
                 for program in PROGRAMS]
        print(f"| {attack} | {means[0]:.1f} s | {means[1]:.1f} s | {means[1] / means[0]:.1f} |")


def print_tables(rows):
    print_maps(cells_of(rows, "test"))
    for kind in ("test", "validation"):
        print(f"\nThe last {kind} accuracy, in percent:\n")
        print_cells(cells_of(rows, kind))
    print()
    print_times(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("byzsim", nargs="?")
    parser.add_argument("config", nargs="?")
    parser.add_argument("--csv")
    parser.add_argument("--table")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    if given.table:
        print_tables(rows_of(given.table))
    elif given.byzsim and given.config and given.csv:
        run_missing(os.path.abspath(given.byzsim), given.config, given.csv, given.jobs)
    else:
        parser.error("give --table, or BYZSIM, CONFIG and --csv")


if __name__ == "__main__":
    main()
