"""Runs and sweeps with their reports, made by the real program for the browser to open."""

import json
import shutil
import subprocess
from pathlib import Path

TINY = {
    "name": "tiny", "seed": 5, "steps": 30,
    "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}},
    "workers": {"count": 7, "byzantine": {"declared": 2, "actual": 2}, "batch_size": 4},
    "model": "softmax_regression",
    "data": {"name": "blobs",
             "parameters": {"dimension": 3, "classes": 3, "train": 60, "test": 30}},
    "optimizer": {"rate": {"name": "constant", "parameters": {"initial": 0.1}}},
    "metrics": {"every": 1},
    "expect": [{"metric": "accuracy", "at": "end", "relation": ">=", "value": 0.5}],
}
# A ring of nodes, the last of which is Byzantine.
RING = {
    "name": "ring", "seed": 5, "steps": 30, "protocol": "gossip",
    "nodes": {"count": 6, "byzantine": {"declared": 1, "actual": 1}, "aggregator": "median",
              "batch_size": 4},
    "topology": "ring",
    "adversary": {"nodes": "sign_flipping"},
    **{key: TINY[key] for key in ("model", "data", "optimizer", "metrics")},
}


class Pages:
    def __init__(self, program, folder):
        self.program = Path(program).resolve()
        self.folder = Path(folder)

    def byzsim(self, *words, codes=(0,), **input_text):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True,
                              cwd=self.folder, **input_text)
        if done.returncode not in codes:
            raise RuntimeError(f"{words}: {done.stderr}")
        return done.stdout

    def run(self, directory, scenario):
        return json.loads(self.byzsim("run", "-", "--quiet", "--json", "--out", directory,
                                      input=json.dumps(scenario)))

    def of_run(self, name, codes=(0,), change=lambda run: None, options=(), base=TINY,
               **changes):
        """The page of the scenario `base` with `changes`, after `change` of its run.json."""
        run = self.run(name, {**base, **changes})
        change(run)
        (self.folder / name / "run.json").write_text(json.dumps(run))
        self.byzsim("report", name, *options, codes=codes)
        return self.folder / name / "report.html"

    def of_branches(self, name, base=TINY, changes=("/adversary/workers=zero",
                                                    "/workers/aggregator=average")):
        """The page of a run and its branches of the steps 10 and 20."""
        self.run(name, {**base, "expect": []})
        for step, change in zip((10, 20), changes):
            self.byzsim("branch", name, "--at", f"step={step}", "--set", change, "--out",
                        f"{name}-{step}")
        self.byzsim("report", f"{name}-10", f"{name}-20", name, "--out", f"{name}.html")
        return self.folder / f"{name}.html"

    def of_sweep(self, name):
        """The page of a sweep over two rules and two seeds, the last run of which is missing."""
        self.byzsim("sweep", "run", "-", "--axis", "/workers/aggregator=average,median", "--repeat",
                    2, "--out", name, input=json.dumps({**TINY, "expect": []}))
        plan = (self.folder / name / "plan.jsonl").read_text().splitlines()
        shutil.rmtree(self.folder / name / "runs" / json.loads(plan[-1])["id"])
        self.byzsim("sweep", "merge", name, "--partial", codes=(0, 4))
        self.byzsim("report", name, codes=(4,))
        return self.folder / name / "report.html"

    def of_attacked_sweep(self, name):
        """The page of a sweep over rules, f and attacks, with two seeds."""
        axes = [{"name": "rule", "pointer": "/workers/aggregator", "values": ["average", "median"]},
                {"name": "f", "pointer": "/workers/byzantine/actual", "values": [0, 2]},
                {"name": "attack", "pointer": "/adversary/workers", "values": ["zero", "nan"]}]
        sweep = {"name": name, "scenario": {**TINY, "expect": []}, "axes": axes, "repeat": 2}
        (self.folder / "attacked.json").write_text(json.dumps(sweep))
        self.byzsim("sweep", "run", "attacked.json", "--out", name)
        self.byzsim("sweep", "merge", name)
        self.byzsim("report", name)
        return self.folder / name / "report.html"

    def of_zipped_sweep(self, name):
        """The page of a sweep over f, declared and actual together."""
        axes = [{"pointer": f"/workers/byzantine/{which}", "values": [0, 1, 2]}
                for which in ("declared", "actual")]
        sweep = {"name": name, "scenario": {**TINY, "expect": []}, "axes": [{"zip": axes}]}
        (self.folder / "zipped.json").write_text(json.dumps(sweep))
        self.byzsim("sweep", "run", "zipped.json", "--out", name)
        self.byzsim("sweep", "merge", name)
        self.byzsim("report", name)
        return self.folder / name / "report.html"
