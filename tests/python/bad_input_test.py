#!/usr/bin/python3
"""Hostile arguments of aggregate, pre_aggregate, attack and describe: each is refused by an error
that names the argument and a remedy, or gives the right answer: bad_input_test.py BUILD_DIR."""

import array
import ctypes
import itertools
import unittest

from under_test import byzsim, module_if_there, numpy

torch = module_if_there("torch")

# Three vectors of two coordinates, and their medians.
VECTORS = [[1.0, 5.0], [2.0, 6.0], [90.0, -70.0]]
MEDIAN = [2.0, 5.0]


def vectors(dtype="float64"):
    return numpy.array(VECTORS, dtype=dtype)


class Raises:
    """Whatever is asked of it raises."""

    def __init__(self, error):
        self.error = error

    def _raise(self, *_):
        raise self.error

    __index__ = __int__ = __float__ = __iter__ = __len__ = __getitem__ = __array__ = _raise
    __repr__ = __str__ = __bool__ = __eq__ = __hash__ = _raise


class Lies:
    """Has no memory, and says otherwise."""

    __array_interface__ = {"shape": (3, 2), "typestr": "<f8", "data": (64, False), "version": 3}

    def __array__(self, dtype=None):
        return numpy.zeros((3, 2))


class EndlessList(list):
    """A list that ends for those alone who read it without asking it."""

    def __iter__(self):
        return itertools.repeat(numpy.zeros(2))

    def __len__(self):
        return 10**12

    def __getitem__(self, _):
        return numpy.zeros(10**6)


class LyingTuple(tuple):
    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())


class LyingArray(numpy.ndarray):
    shape = (10**9, 10**9)
    dtype = "float16"


class BadInput(unittest.TestCase):
    def refused(self, where, problem, call):
        """An InputError whose first issue names `where`, with the problem and a remedy."""
        with self.assertRaises(byzsim.InputError) as caught:
            call()
        issue = caught.exception.issues[0]
        self.assertEqual(issue.where, where)
        self.assertRegex(issue.problem, problem)
        self.assertRegex(str(issue), "; .{8}|must be|unknown key", issue)

    def refused_all(self, cases, call):
        for where, problem, value in cases:
            with self.subTest(problem=problem):
                self.refused(where, problem, lambda value=value: call(value))

    def median(self, given, **more):
        return byzsim.aggregate("median", given, f=1, **more)

    def gives_median(self, given, dtype="float64"):
        answer = numpy.asarray(self.median(given))
        self.assertEqual(answer.tolist(), MEDIAN)
        self.assertEqual(answer.dtype, dtype)

    # What vectors are.

    def test_what_holds_no_vectors_is_refused(self):
        self.refused_all([
            ("vectors", "is NoneType, not an array", None),
            ("vectors", "is str, not an array", "median"),
            ("vectors", "is bytes, not an array", b"\0" * 48),
            ("vectors", "is bytearray, not an array", bytearray(48)),
            ("vectors", "is int, not an array", 3),
            ("vectors", "is float, not an array", float("nan")),
            ("vectors", "is dict, not an array", {0: [1.0]}),
            ("vectors", "is set, not an array", {1.0, 2.0}),
            ("vectors", "is generator, not an array", (each for each in VECTORS)),
            ("vectors", "is repeat, not an array", itertools.repeat(vectors()[0])),
            ("vectors", "is type, not an array", numpy.ndarray),
            ("vectors", "is Lies, not an array", Lies()),
            ("vectors", "is Raises, not an array", Raises(MemoryError())),
            ("vectors", "has no vectors", []),
            ("vectors", "has no vectors", ()),
            ("vectors[0]", "is NoneType, not an array", [None]),
            ("vectors[0]", "is float, not an array", [1.0, 2.0, 3.0]),
            ("vectors[0]", "is list, not an array", [[]]),
            ("vectors[0]", "is list, not an array", [["a", "b"]]),
            ("vectors[0]", "is list, not an array", [[True, False]]),
            ("vectors[0]", "is list, not an array", [[[1.0]]]),
            ("vectors[0]", "no float64 can hold", [[10**400]]),
            ("vectors[1]", "is str where", [vectors()[0], "x"]),
            ("vectors[1]", "is Raises where", [vectors()[0], Raises(KeyError("x"))]),
            ("vectors[1]", "is Lies where", [vectors()[0], Lies()]),
        ], self.median)

    def test_wrong_shapes_are_refused(self):
        self.refused_all([
            ("vectors", r"has shape \(\)", numpy.float64(1.0).reshape(())),
            ("vectors", r"has shape \(3,\)", numpy.zeros(3)),
            ("vectors", r"has shape \(3, 2, 1\)", vectors()[:, :, None]),
            ("vectors", r"has shape \(1, 1, 1, 1, 1, 1, 1, 1\)", numpy.zeros((1,) * 8)),
            ("vectors", "has no vectors", numpy.zeros((0, 2))),
            ("vectors", "has vectors without coordinates", numpy.zeros((3, 0))),
            ("vectors", "has no vectors", numpy.zeros((0, 0))),
            ("vectors", "has vectors without coordinates", [numpy.zeros(0)] * 3),
            ("vectors[0]", r"has shape \(2, 1\)", [vectors()[0][:, None]] * 3),
            ("vectors[0]", r"has shape \(\)", [numpy.array(1.0)] * 3),
            ("vectors[2]", "has 3 coordinates, and the first vector has 2",
             [numpy.zeros(2), numpy.zeros(2), numpy.zeros(3)]),
            ("vectors[1]", "has 0 coordinates, and the first vector has 2",
             [numpy.zeros(2), numpy.zeros(0)]),
            ("vectors[1]", "has 2 coordinates, and the first vector has 0",
             [numpy.zeros(0), numpy.zeros(2)]),
            ("vectors[0]", r"has shape \(1, 2\)", [numpy.asmatrix([1.0, 2.0])]),
        ], self.median)

    def test_other_types_of_numbers_are_refused(self):
        for dtype in ("float16", "longdouble", "complex64", "int8", "int64", "uint32", "bool",
                      "object", "S3", "U2", "M8[s]", "m8[s]", ">f8", ">f4", "V8"):
            given = numpy.zeros((3, 2), dtype)
            with self.subTest(dtype=dtype):
                self.refused("vectors", "has dtype", lambda given=given: self.median(given))
                self.refused("vectors[0]", "has dtype",
                             lambda given=given: self.median(list(given)))
        self.refused("vectors", "has dtype",
                     lambda: self.median(numpy.zeros((3, 2), [("a", "f4"), ("b", "f4")])))
        self.refused("vectors[1]", "has dtype float32 where the first vector has float64",
                     lambda: self.median([numpy.zeros(2), numpy.zeros(2, "float32")]))

    def test_more_than_memory_or_than_any_cluster_holds_is_refused(self):
        self.refused("vectors", "does not fit into memory",
                     lambda: self.median(numpy.broadcast_to(numpy.zeros(1), (3, 10**13))))
        self.refused("vectors", "has 1000001 vectors",
                     lambda: self.median(numpy.broadcast_to(numpy.zeros(2), (1_000_001, 2))))

    def test_masked_arrays_are_refused(self):
        masked = numpy.ma.masked_array(vectors(), mask=vectors() > 50)
        self.refused("vectors", "is a masked array", lambda: self.median(masked))
        self.refused("vectors[0]", "is a masked array", lambda: self.median(list(masked)))
        self.refused("out", "is a masked array",
                     lambda: self.median(vectors(), out=numpy.ma.zeros(2)))

    def test_any_layout_of_memory_gives_the_answer(self):
        wide = numpy.zeros((3, 4))
        wide[:, ::2] = VECTORS
        moved = numpy.frombuffer(bytearray(49), "u1")[1:].view("f8").reshape(3, 2)
        moved[:] = VECTORS
        read_only = vectors()
        read_only.flags.writeable = False
        backwards = vectors()[::-1, ::-1][::-1, ::-1]
        for name, given in {
                "columns apart": wide[:, ::2], "columns first": numpy.asfortranarray(vectors()),
                "misaligned": moved, "read-only": read_only, "twice reversed": backwards,
                "rows reversed": vectors()[::-1], "transposed": vectors().T.copy().T,
                "a matrix": numpy.asmatrix(vectors()), "a memory view": memoryview(vectors()),
                "a ctypes array": (ctypes.c_double * 2 * 3)(*map(tuple, VECTORS)),
                "lists": VECTORS, "tuples": tuple(map(tuple, VECTORS)),
                "arrays of Python": [array.array("d", each) for each in VECTORS],
                "misaligned rows": list(moved), "rows with gaps": list(wide[:, ::2]),
                "reversed rows": [each[::-1][::-1] for each in vectors()],
                "a subclass that lies": vectors().view(LyingArray)}.items():
            with self.subTest(name):
                self.gives_median(given)
        self.assertFalse(moved.flags.aligned)

    def test_one_vector_repeated_in_place_is_its_own_median(self):
        answer = self.median(numpy.broadcast_to(numpy.array([3.0, 4.0]), (5, 2)))
        self.assertEqual(answer.tolist(), [3.0, 4.0])

    def test_what_is_not_a_number_goes_the_way_of_the_rule(self):
        given = numpy.array([[numpy.nan, -numpy.inf], [1.0, 5.0], [1.0, 5.0]])
        self.assertEqual(self.median(given).tolist(), [1.0, 5.0])

    def test_lists_are_read_as_they_are_whatever_they_say(self):
        self.gives_median(EndlessList(vectors()))
        self.gives_median(LyingTuple(vectors()))
        self.assertEqual(byzsim.aggregate("median", vectors(), f=1, pre=EndlessList()).tolist(),
                         MEDIAN)

    def test_a_list_that_changes_while_it_is_read_is_taken_as_it_was(self):
        given = []

        class Number(float):
            def __float__(self):
                given.clear()
                return 1.0

        given.extend([[Number(1)], [Number(2)], [Number(3)]])
        self.refused("vectors[0]", "is list, not an array", lambda: self.median(given))

    def test_buffers_of_unknown_format_or_released_are_refused(self):
        released = memoryview(vectors())
        released.release()
        self.refused("vectors", "has a buffer that cannot be read", lambda: self.median(released))
        self.refused("vectors", "has dtype uint8",
                     lambda: self.median(memoryview(bytes(6)).cast("B", (3, 2))))
        self.refused("vectors", "has a buffer that cannot be read|has dtype",
                     lambda: self.median((ctypes.c_void_p * 2 * 3)()))

    # PyTorch's tensors.

    @unittest.skipIf(torch is None, "needs PyTorch (tools/install_packages python3-torch)")
    def test_tensors_that_are_no_arrays_are_refused(self):
        given = torch.tensor(VECTORS)
        emptied = given.clone()
        emptied.storage().resize_(0)
        self.refused_all([
            ("vectors", "lies on the device meta", given.to("meta")),
            ("vectors", "requires grad", given.clone().requires_grad_()),
            ("vectors", "requires grad", torch.nn.Parameter(given)),
            ("vectors", r"has the layout torch.sparse_coo", given.to_sparse()),
            ("vectors", r"has the layout torch.sparse_csr", given.to_sparse_csr()),
            ("vectors", "BFloat16", given.bfloat16()),
            ("vectors", "is no array", torch.quantize_per_tensor(given, 0.1, 0, torch.qint8)),
            ("vectors", "has no memory", emptied),
            ("vectors", "has dtype float16", given.half()),
            ("vectors", "has dtype int64", given.long()),
            ("vectors", "has dtype complex64", given.to(torch.complex64)),
            ("vectors", r"has shape \(2,\)", given[0]),
            ("vectors[1]", "requires grad", [given[0], given[1].clone().requires_grad_()]),
            ("vectors[1]", "lies on the device meta", [given[0], given[1].to("meta")]),
        ], self.median)
        self.refused("out", "requires grad", lambda: self.median(
            given, out=torch.zeros(2, requires_grad=True)))

    @unittest.skipIf(torch is None, "needs PyTorch (tools/install_packages python3-torch)")
    def test_tensors_give_tensors(self):
        for given in (torch.tensor(VECTORS), torch.tensor(VECTORS).T.contiguous().T,
                      list(torch.tensor(VECTORS)), torch.tensor(VECTORS).expand(3, 2)):
            answer = self.median(given)
            self.assertIsInstance(answer, torch.Tensor)
            self.gives_median(given, "float32")
        out = torch.zeros(2)
        self.assertIs(self.median(torch.tensor(VECTORS), out=out), out)
        self.assertEqual(out.tolist(), MEDIAN)

    @unittest.skipIf(torch is None, "needs PyTorch (tools/install_packages python3-torch)")
    def test_a_thread_that_flushes_denormals_is_refused(self):
        torch.set_flush_denormal(True)
        self.addCleanup(torch.set_flush_denormal, False)
        self.refused("floating-point environment", ".", lambda: self.median(vectors()))

    # Where the answer goes, and what was before.

    def test_an_out_that_cannot_take_the_answer_is_refused(self):
        read_only = numpy.zeros(2)
        read_only.flags.writeable = False
        base = vectors()
        self.refused_all([
            ("out", "is list, not an array|is a list", [0.0, 0.0]),
            ("out", "is a tuple", (0.0, 0.0)),
            ("out", "is str", "out"),
            ("out", "is bytearray", bytearray(16)),
            ("out", "is Raises", Raises(OSError())),
            ("out", r"has shape \(3,\)", numpy.zeros(3)),
            ("out", r"has shape \(1, 2\)", numpy.zeros((1, 2))),
            ("out", "has shape", numpy.array(0.0)),
            ("out", "has dtype float32", numpy.zeros(2, "float32")),
            ("out", "has dtype >f8", numpy.zeros(2, ">f8")),
            ("out", "is read-only", read_only),
            ("out", "is read-only", memoryview(numpy.zeros(2)).toreadonly()),
            ("out", "is not contiguous", numpy.zeros(4)[::2]),
            ("out", "is not contiguous", numpy.zeros(2)[::-1]),
            ("out", "is not contiguous", numpy.frombuffer(bytearray(17), "u1")[1:].view("f8")),
            ("out", "overlaps the vectors", base[0]),
            ("out", "overlaps the vectors", base[2]),
            ("out", "overlaps the vectors", base.reshape(-1)[3:5]),
        ], lambda out: self.median(base, out=out))
        self.assertEqual(base.tolist(), VECTORS)
        rows = list(vectors())
        self.refused("out", "overlaps the vectors", lambda: self.median(rows, out=rows[1]))

    def test_an_out_beside_the_vectors_takes_the_answer(self):
        base = numpy.zeros((4, 2))
        base[:3] = VECTORS
        self.assertIs(self.median(base[:3], out=base[3:].reshape(-1)).base, base)
        self.assertEqual(base.tolist(), [*VECTORS, MEDIAN])
        given = array.array("d", [0, 0])
        self.assertIs(self.median(vectors(), out=given), given)
        self.assertEqual(given.tolist(), MEDIAN)

    def test_a_previous_answer_of_another_kind_is_refused(self):
        self.refused_all([
            ("previous", "is str", "x"),
            ("previous", "has dtype int64", numpy.zeros(2, "int64")),
            ("previous", "has dtype float32", numpy.zeros(2, "float32")),
            ("previous", r"has shape \(3,\)", numpy.zeros(3)),
            ("previous", r"has shape \(2, 1\)", numpy.zeros((2, 1))),
            ("previous", "is a masked array", numpy.ma.zeros(2)),
            ("previous", "is list", ["a", "b"]),
        ], lambda previous: byzsim.aggregate("centered_clipping", vectors(), f=1,
                                             previous=previous))
        both = numpy.zeros(2)
        self.refused("out", "overlaps previous",
                     lambda: self.median(vectors(), previous=both, out=both))

    def test_an_own_vector_that_is_none_of_them_is_refused(self):
        self.refused_all([
            ("own", r"must be in \[0, 2\], not 3", 3), ("own", "must be an integer", -1),
            ("own", "must be an integer", 1.0), ("own", "must be an integer", "0"),
            ("own", "must be an integer", True), ("own", "must be an integer", Raises(OSError())),
            ("own", "is missing: gts builds on the receiver's own vector", None),
        ], lambda own: byzsim.aggregate("gts", vectors(), f=1, own=own))
        self.refused("rule", "ubar compares losses of models, which only runs compute",
                     lambda: byzsim.aggregate("ubar", vectors(), f=1, own=0))
        self.refused("pre", "which bucketing mixes with others",
                     lambda: byzsim.aggregate("gts", vectors(), f=1, own=0, pre=["bucketing"]))

    def test_weights_that_do_not_fit_are_refused(self):
        self.refused_all([
            ("weights", "has 2 weights for 3 vectors", [1, 1]),
            ("weights", r"has shape \(0,\)", []), ("weights", r"has shape \(\)", 1.0),
            ("weights", r"has shape \(1, 3\)", [[1, 1, 1]]),
            ("weights[1]", "finite number of at least 0, not -1", [1, -1, 1]),
            ("weights[2]", "finite number of at least 0, not nan", [1, 1, float("nan")]),
            ("weights[0]", "finite number of at least 0, not inf", [float("inf"), 1, 1]),
            ("weights", "sum to 0, and a mean needs a weight above 0", [0, 0, 0]),
            ("weights", "sum to more than a double holds", [1e308, 1e308, 1]),
            ("weights", "must be a list of numbers", "abc"),
            ("weights", "must be a list of numbers", object()),
        ], lambda weights: byzsim.aggregate("gts", vectors(), f=1, own=0, weights=weights))

    def test_a_rule_that_compares_with_a_reference_asks_for_one_that_fits(self):
        given = numpy.array([[2.0, 0.0], [-1.0, 5.0]])
        self.refused("reference", "compares with the receiver's own gradient",
                     lambda: byzsim.aggregate("fltrust", given, f=1))
        self.refused("reference", "has shape",
                     lambda: byzsim.aggregate("fltrust", given, f=1, reference=[1.0]))
        # The second points elsewhere; the first is made as long as the reference.
        self.assertEqual(byzsim.aggregate("fltrust", given, f=1, reference=[3.0, 0.0]).tolist(),
                         [3.0, 0.0])

    def test_a_rule_counts_what_it_clips_or_removes(self):
        given = numpy.array([[0.0], [1.0], [3.0], [-5.0]])
        moved, counts = byzsim.aggregate("clipped_gossip", given, f=1, own=0, radius=1.0,
                                         weights=[0.25, 0.5, 0.125, 0.125], counts=True)
        self.assertEqual((moved.tolist(), counts), ([0.5], {"clipped": 2}))
        self.assertEqual(byzsim.aggregate("median", given, f=1, counts=True)[1], {})

    # Numbers.

    def test_an_f_that_is_none_is_refused(self):
        for f in (-1, 10**6 + 1, 2**31, 2**63, 2**64, -2**70, 10**5000, 1.0, 0.5,
                  float("nan"), float("inf"), "1", None, True, [1], numpy.float64(1),
                  numpy.array([1, 1]), 1j, Raises(ZeroDivisionError()), object()):
            for call in (lambda f: byzsim.aggregate("median", vectors(), f=f),
                         lambda f: byzsim.aggregate("median", vectors(), f=f, pre=["nnm"]),
                         lambda f: byzsim.pre_aggregate("nnm", vectors(), f=f)):
                with self.subTest(f=type(f)):
                    self.refused("f", ".", lambda f=f, call=call: call(f))
        self.assertEqual(byzsim.aggregate("median", vectors(), f=numpy.int8(1)).tolist(), MEDIAN)

    def test_seeds_and_threads_out_of_bounds_are_refused(self):
        for name, bad in (("seed", (-1, 2**64, 1.0, "1", None, True, numpy.zeros(2), b"1",
                                    float("nan"), Raises(OSError()))),
                          ("threads", (0, -1, 1025, 2**31, 2**70, 1.0, "2", None, True,
                                       Raises(OSError())))):
            for value in bad:
                with self.subTest(name=name, value=type(value)):
                    for call in (self.median, lambda given, **more: byzsim.attack(
                            "sign_flipping", given, f=1, **more)):
                        self.refused(name, "must be an integer", lambda value=value, call=call:
                                     call(vectors(), **{name: value}))
        self.assertEqual(self.median(vectors(), seed=2**64 - 1, threads=1024).tolist(), MEDIAN)

    # Names and parameters.

    def test_names_that_are_none_are_refused(self):
        for rule in ("", "medain", "median\0", "nnm", "\ud800", "m" * 10**6, 5, None, b"median",
                     [], ["median"], {}, {"nome": "median"}, {"name": 5},
                     {"name": "median", "parameters": 5}, {"name": "median", "x": 1}, object(),
                     Raises(OSError()), float("nan"), numpy.zeros(2), {1: 2}, {(1,): 2}):
            with self.subTest(rule=type(rule)):
                with self.assertRaises(byzsim.InputError) as caught:
                    byzsim.aggregate(rule, vectors(), f=1)
                issue = caught.exception.issues[0]
                self.assertRegex(issue.where, "^rule")
                self.assertTrue(issue.remedy or "must be" in issue.problem or "unknown" in
                                issue.problem, issue)

    def test_chains_that_are_none_are_refused(self):
        for pre in (5, object(), "nmn", [5], [None], [["nnm"]], itertools.count(), {"nnm"},
                    iter(["nnm"]), numpy.array(["nnm"]), b"nnm", [{"name": "nnm", "x": 1}]):
            with self.subTest(pre=type(pre)):
                with self.assertRaises(byzsim.InputError) as caught:
                    byzsim.aggregate("median", vectors(), f=1, pre=pre)
                self.assertRegex(caught.exception.issues[0].where, "^pre")

    def test_parameters_that_are_none_are_refused(self):
        cyclic = []
        cyclic.append(cyclic)
        deep = []
        for _ in range(10**5):
            deep = [deep]
        for value in (float("nan"), float("inf"), "x", None, -1, 10**5000, [], {}, cyclic, deep,
                      object(), {1, 2}, b"2", 1j, Raises(OSError()), numpy.zeros(3), True):
            with self.subTest(value=type(value)):
                with self.assertRaises(byzsim.InputError) as caught:
                    byzsim.aggregate("krum", numpy.zeros((7, 2)), f=1, neighbours=value)
                self.assertIn("neighbours", caught.exception.issues[0].where)
        self.refused("rule/parameters/nieghbours", "unknown key", lambda: byzsim.aggregate(
            "krum", numpy.zeros((7, 2)), f=1, nieghbours=2))
        self.refused("rule", "has its parameters within", lambda: byzsim.aggregate(
            {"name": "krum", "parameters": {}}, numpy.zeros((7, 2)), f=1, neighbours=2))

    def test_numbers_of_numpy_are_numbers(self):
        given = numpy.arange(14.0).reshape(7, 2)
        self.assertEqual(
            byzsim.aggregate("multi_krum", given, f=1, m=numpy.int32(3)).tolist(),
            byzsim.aggregate("multi_krum", given, f=1, m=3).tolist())

    def test_attacks_refuse_what_rules_refuse(self):
        self.refused_all([
            ("attack", ".", "sing_flipping"), ("attack", ".", None), ("attack", ".", 5),
            ("attack", "acts on data", "label_flipping"),
        ], lambda name: byzsim.attack(name, vectors(), f=1))
        self.refused_all([
            ("honest", "is NoneType", None), ("honest", "has no vectors", []),
            ("honest", r"has shape \(2,\)", numpy.zeros(2)),
            ("honest", "has dtype int64", numpy.zeros((3, 2), "int64")),
        ], lambda honest: byzsim.attack("sign_flipping", honest, f=1))
        for more, where in (({"own": numpy.zeros(3)}, "own"), ({"own": "x"}, "own"),
                            ({"half": 2}, "half"), ({"half": None}, "half"),
                            ({"defence": "medain"}, "defence"), ({"defence": None}, "defence"),
                            ({"pre": 5}, "pre"), ({"z": float("nan")}, "z"),
                            ({"z": 1}, "attack/parameters/z")):
            self.refused(where, ".", lambda more=more: byzsim.attack(
                "sign_flipping", vectors(), f=1, **more))

    def test_names_that_nothing_has_are_refused_by_describe(self):
        for name in ("medain", "", 5, b"median", ["median"], {}, numpy.zeros(2), float("nan"),
                     Raises(OSError()), "\0", "x" * 10**6):
            with self.subTest(name=type(name)):
                self.refused("name", ".", lambda name=name: byzsim.describe(name))


if __name__ == "__main__":
    unittest.main()
