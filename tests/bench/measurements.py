"""What the benchmarks beside other libraries have in common: their options, how they describe the
machine, and the files that they leave. First among the imports: it keeps numpy and torch to one
thread."""
import argparse
import csv
import datetime
import os
import subprocess
import sys

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # several pools in one process collapse by up to 50 times

try:
    import numpy as np
    import torch
    torch.set_num_threads(1)
except ImportError:
    np = torch = None  # enough for tables and the page


def arguments_of(description, seconds, **more):
    """The command line's; `more` are further options with their defaults. Ends the program where it
    can measure nothing."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("build", nargs="?")
    parser.add_argument("--table")
    parser.add_argument("--csv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--only", default="")
    for name, default in more.items():
        parser.add_argument("--" + name, type=type(default), default=default)
    arguments = parser.parse_args()
    if arguments.table or getattr(arguments, "page", ""):
        return arguments
    if not arguments.build:
        parser.error("BUILD_DIR is missing")
    if torch is None:
        parser.error("PyTorch and numpy are missing: tools/install_packages python3-torch")
    return arguments


def notes(method):
    """What is written above measurements: machine, versions, method, date."""
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo")
               if line.startswith("model name"))
    flags = next(line for line in open("/proc/cpuinfo") if line.startswith("flags"))
    system = next(line.split("=")[1].strip().strip('"') for line in open("/etc/os-release")
                  if line.startswith("PRETTY_NAME"))
    load = os.getloadavg()
    return [f"machine: {cpu}, {os.cpu_count()} cores, "
            f"{'with' if 'avx512f' in flags else 'without'} AVX-512; {system}",
            f"versions: torch {torch.__version__}, numpy {np.__version__}, "
            f"Python {sys.version.split()[0]}; byzsim {git_revision()}",
            f"method: {method}",
            f"date: {datetime.date.today()}; load of the machine at the start "
            f"{load[0]:.1f} in the last minute, {load[2]:.1f} in the last fifteen"]


def git_revision():
    return subprocess.run(["git", "-C", os.path.dirname(__file__), "describe", "--always"],
                          capture_output=True, text=True).stdout.strip()


def read_results(file):
    """(the notes of a CSV without "# ", its rows)."""
    lines = open(file).read().splitlines()
    return ([line[2:] for line in lines if line.startswith("# ")],
            list(csv.DictReader(line for line in lines if not line.startswith("#"))))


def write_results(file, facts, columns, rows):
    """A CSV with the facts above it, as `read_results` reads it."""
    with open(file, "w", newline="") as out:
        out.writelines(f"# {fact}\n" for fact in facts)
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
