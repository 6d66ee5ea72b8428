"""A rule of one's own: python3 -m byzsim rank half_way_rule.py --out half_way_rule.svg"""
import numpy

import byzsim


@byzsim.rule(needs="n >= 2f + 1", growth="sorting")
def half_way(vectors, f, *, share=byzsim.real(0.5, 0, 1, "0: the mean of the kept, 1: the median")):
    """Between the median and the mean of the n - f vectors nearest to it."""
    median = numpy.median(vectors, axis=0)
    distances = numpy.linalg.norm(vectors - median, axis=1)
    nearest = numpy.argsort(distances, kind="stable")[: len(vectors) - f]
    return share * median + (1 - share) * vectors[nearest].mean(axis=0)
