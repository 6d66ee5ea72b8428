#!/usr/bin/python3
"""Federated averaging of byzsim beside ByzFL's own, in equal settings.

    tests/bench/byzfl_fedavg.py BYZSIM --csv FILE [--seeds 5]   run both and write
    tests/bench/byzfl_fedavg.py --table FILE                         the table of that file

`--rule NAME` and `--attack NAME` choose cells.

ByzFL is looked for in $BYZSIM_BYZFL, MNIST in $BYZSIM_DATA. ByzFL's `start_training` runs unchanged;
its images come normalised from tensors, in place of torchvision, which then is not needed. In each
round 10 of the 10 honest and f Byzantine clients are drawn and train for 5 local steps in passes
over their shares (Dirichlet 1); they send their models, which the rule aggregates as if f of them
were Byzantine. The two draw other random numbers: means over seeds are compared, by their standard
error (of the difference of two means).
"""
import argparse
import collections
import csv
import gzip
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import types

ROUNDS, HONEST, LOCAL_STEPS, BATCH, RATE, ALPHA = 30, 10, 5, 25, 0.05, 1.0
BYZANTINE = (2, 4)
# (ours, pre-aggregators), (theirs, pre-aggregators)
RULES = {
    "median": (("median", []), ("Median", [])),
    "geometric median": (("geometric_median", []), ("GeometricMedian", [])),
    "NNM, trimmed mean": (("trimmed_mean", ["nnm"]), ("TrMean", ["NNM"])),
}
ATTACKS = {
    "sign flipping": ({"name": "sign_flipping"}, ("SignFlipping", {})),
    "ALIE": ({"name": "a_little_is_enough", "parameters": {"z": 1.5}},
             ("ALittleIsEnough", {"tau": 1.5})),
}
COLUMNS = ["rule", "attack", "f", "seed", "program", "accuracy"]


def run_ours(byzsim, rule, attack, f, seed):
    """The accuracy of byzsim at the end."""
    (name, pre), _ = RULES[rule]
    scenario = {
        "seed": seed, "steps": ROUNDS,
        "protocol": {"name": "fedavg", "parameters": {"sends": "models", "tolerated": f}},
        "servers": {"count": 1},
        "workers": {"count": HONEST + f, "byzantine": f, "pre": pre, "aggregator": name,
                    "batch_size": BATCH, "batches": "passes", "local_steps": LOCAL_STEPS,
                    "participation": HONEST},
        "model": {"name": "mlp", "parameters": {"hidden": [100], "initialisation": "torch"}},
        "data": {"name": "idx", "parameters": {"set": "mnist"}, "normalise": "mnist"},
        "partition": {"name": "dirichlet_niid", "parameters": {"alpha": ALPHA}},
        "optimizer": {"rate": RATE},
        "adversary": {"workers": ATTACKS[attack][0], "rushing": "all"},
        "metrics": {"every": ROUNDS}}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cell.json")
        with open(path, "w") as file:
            json.dump(scenario, file)
        subprocess.run([byzsim, "run", path, "--out", os.path.join(folder, "run"), "--quiet"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "run", "metrics.csv")) as file:
            return float(list(csv.DictReader(file))[-1]["accuracy"])


def load_images():
    """A stand-in for torchvision.datasets.MNIST whose images are tensors, normalised once."""
    import numpy as np
    import torch

    def read(name, header):
        path = os.path.join(os.environ["BYZSIM_DATA"], "mnist", name + "-ubyte")
        with (open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz")) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    sets = {}
    for train, prefix in ((True, "train"), (False, "t10k")):
        pixels = torch.tensor(read(prefix + "-images-idx3", 16).reshape(-1, 1, 28, 28).copy())
        labels = torch.tensor(read(prefix + "-labels-idx1", 8).copy()).long()
        sets[train] = (pixels.float() / 255 - 0.1307) / 0.3081, labels

    class Images(torch.utils.data.Dataset):
        def __init__(self, root, train, download, transform):
            self.images, labels = sets[train]
            self.targets = labels.float()

        def __len__(self):
            return len(self.images)

        def __getitem__(self, index):
            return self.images[index], int(self.targets[index])

    return Images


def load_start_training():
    """ByzFL's training, with images from tensors."""
    import torch
    torch.set_num_threads(1)
    vision = types.ModuleType("torchvision")
    vision.datasets = types.SimpleNamespace(MNIST=load_images())
    ignored = lambda *arguments, **keywords: None
    vision.transforms = types.SimpleNamespace(
        **{each: ignored for each in ("Compose", "ToTensor", "Normalize", "RandomHorizontalFlip",
                                      "RandomCrop")})
    sys.modules["torchvision"] = vision
    for missing in ("seaborn", "matplotlib", "matplotlib.pyplot", "matplotlib.colors"):
        try:
            __import__(missing)
        except ImportError:
            sys.modules[missing] = types.ModuleType(missing)
    sys.path.insert(0, os.environ["BYZSIM_BYZFL"])
    from byzfl.benchmark.train import start_training
    return start_training


def run_theirs(start_training, rule, attack, f, seed):
    """The accuracy of ByzFL at the end."""
    _, (name, pre) = RULES[rule]
    attack_name, parameters = ATTACKS[attack][1]
    with tempfile.TemporaryDirectory() as folder:
        start_training({
            "benchmark_config": {
                "device": "cpu", "training_seed": seed, "nb_workers": HONEST + f,
                "nb_honest_clients": HONEST, "f": f, "tolerated_f": f, "size_train_set": 1.0,
                "data_distribution_seed": seed,
                "data_distribution": {"name": "dirichlet_niid", "distribution_parameter": ALPHA},
                "training_algorithm": {"name": "FedAvg",
                                       "parameters": {"proportion_selected_clients": 1.0,
                                                      "local_steps_per_client": LOCAL_STEPS}},
                "nb_steps": ROUNDS},
            "model": {"name": "fc_mnist", "dataset_name": "mnist", "nb_labels": 10,
                      "loss": "NLLLoss", "optimizer_name": "SGD", "learning_rate": RATE,
                      "learning_rate_decay": 1.0, "milestones": []},
            "aggregator": {"name": name, "parameters": {"f": f}},
            "pre_aggregators": [{"name": each, "parameters": {"f": f}} for each in pre],
            "honest_clients": {"momentum": 0.0, "weight_decay": 0.0, "batch_size": BATCH},
            "attack": {"name": attack_name, "parameters": dict(parameters)},
            "evaluation_and_results": {"evaluation_delta": ROUNDS, "evaluate_on_test": True,
                                       "batch_size_evaluation": 1000, "store_models": False,
                                       "store_per_client_metrics": False,
                                       "data_folder": folder, "results_directory": folder}})
        for directory, _, names in os.walk(folder):
            for each in names:
                if each.startswith("test_accuracy"):
                    with open(os.path.join(directory, each)) as file:
                        return float(file.read().replace(",", " ").split()[-1])
    raise RuntimeError("ByzFL wrote no test accuracy")


def run_cells(arguments):
    start_training = load_start_training()
    with open(arguments.csv, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        rules = [arguments.rule] if arguments.rule else RULES
        attacks = [arguments.attack] if arguments.attack else ATTACKS
        for rule, attack, f in itertools.product(rules, attacks, BYZANTINE):
            for seed in range(1, arguments.seeds + 1):
                ours = run_ours(arguments.byzsim, rule, attack, f, seed)
                theirs = run_theirs(start_training, rule, attack, f, seed)
                out.writerow([rule, attack, f, seed, "byzsim", f"{ours:.4f}"])
                out.writerow([rule, attack, f, seed, "ByzFL", f"{theirs:.4f}"])
                file.flush()


def print_table(path):
    """Mean and standard deviation over seeds, and the difference in standard errors."""
    cells = collections.defaultdict(list)
    with open(path) as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            key = row["rule"], row["attack"], row["f"]
            cells[key, row["program"]].append(100 * float(row["accuracy"]))
    print("| rule | attack | f | byzsim | ByzFL | difference | in standard errors |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for key in dict.fromkeys(key for key, _ in cells):
        ours, theirs = cells[key, "byzsim"], cells[key, "ByzFL"]
        error = (statistics.variance(ours) / len(ours)
                 + statistics.variance(theirs) / len(theirs)) ** 0.5
        difference = statistics.mean(ours) - statistics.mean(theirs)
        shown = [f"{statistics.mean(each):.2f} ± {statistics.stdev(each):.2f}"
                 for each in (ours, theirs)]
        print(f"| {' | '.join(key)} | {' | '.join(shown)} | {difference:+.2f} | "
              f"{difference / error:+.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("byzsim", nargs="?")
    parser.add_argument("--csv")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rule", choices=RULES)
    parser.add_argument("--attack", choices=ATTACKS)
    parser.add_argument("--table")
    arguments = parser.parse_args()
    if arguments.table:
        print_table(arguments.table)
    else:
        run_cells(arguments)


if __name__ == "__main__":
    main()
