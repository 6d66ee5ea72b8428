#!/usr/bin/env python3
"""What a sweep costs above its runs: planning, scheduling and files.

    tests/bench/sweep_overhead.py build/byzsim [--seconds 0.2] [--runs 40] [--rounds 3]

Makes a sweep of runs that take about so long, runs it with one job and compares, within one call,
the time of the whole program with the sum of what its runs took from their first event to their
last (wall_seconds of run.json). Prints the ratio of each round and their median. The aim is below
5 % for runs of 0.2 s.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

AIM = 0.05
STEPS_TRIED = 20


def sweep(steps, runs):
    return {
        "name": "overhead",
        "scenario": "quickstart",
        "set": {"/steps": steps, "/data/parameters/train": 300, "/data/parameters/test": 50,
                "/model/parameters/hidden": [10], "/metrics/every": 10},
        "axes": [{"pointer": "/optimizer/momentum", "values": [0, 0.5]}],
        "repeat": runs // 2,
    }


def timed(byzsim, what, folder):
    """Seconds of the program, and of each of its runs."""
    (folder / "sweep.json").write_text(json.dumps(what))
    begin = time.perf_counter()
    subprocess.run([byzsim, "sweep", "run", "sweep.json", "--out", "there", "--jobs", "1",
                    "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    whole = time.perf_counter() - begin
    runs = [json.loads(file.read_text())["machine"]["wall_seconds"]
            for file in folder.glob("there/runs/*/run.json")]
    return whole, runs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("byzsim")
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    byzsim = str(pathlib.Path(asked.byzsim).resolve())
    with tempfile.TemporaryDirectory() as name:
        _, tried = timed(byzsim, sweep(STEPS_TRIED, 4), pathlib.Path(name))
    steps = max(10, round(STEPS_TRIED * asked.seconds / statistics.median(tried)))
    ratios = []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as name:
            whole, runs = timed(byzsim, sweep(steps, asked.runs), pathlib.Path(name))
        ratios.append(whole / sum(runs) - 1)
        print(f"{len(runs)} runs of {statistics.median(runs):.3f} s: the sweep took {whole:.3f} s, "
              f"its runs {sum(runs):.3f} s, {100 * ratios[-1]:.2f} % above them")
    median = statistics.median(ratios)
    print(f"median {100 * median:.2f} % above the runs; the aim is below {100 * AIM:.0f} %: "
          f"{'met' if median < AIM else 'not met'}")


if __name__ == "__main__":
    main()
