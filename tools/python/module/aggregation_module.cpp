// Rules, pre-aggregators and attacks as functions of arrays.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "core/input/parameter_reader.h"
#include "core/pre_aggregators/aggregation.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/vectors.h"

namespace byzsim::python {
namespace {

Choice argument_choice(const Json& json, const std::string& argument, const std::string& kind,
                       const std::vector<Declaration>& among) {
  Issues issues;
  Notes notes;  // an alias has become the preferred name: as good
  Choice choice = read_choice(among, kind, json, argument, issues, notes);
  throw_if_any(issues);
  return choice;
}

Json argument_json(const std::string& text, const std::string& argument) {
  return parse_json(text, argument);
}

int checked_f(std::int64_t f) {
  if (f < 0 || f > kMostVectors)
    refuse_argument("f", fmt::format("must be an integer in [0, {}], not {}", kMostVectors, f),
                    "give how many of the vectors are assumed to be Byzantine");
  return static_cast<int>(f);
}

int checked_threads(int threads) {
  if (threads < 1 || threads > 1024)
    refuse_argument("threads", fmt::format("must be an integer in [1, 1024], not {}", threads),
                    "give how many threads may compute");
  return threads;
}

// A chain and a rule that have been read and checked once, for any number of calls. The rule is
// called `argument` in errors.
Aggregation read_aggregation(const std::string& rule, const std::string& pre, std::int64_t f,
                             const std::string& argument) {
  const int declared = checked_f(f);
  Issues issues;
  Notes notes;
  std::vector<Choice> chain = read_choices(pre_aggregators().declarations(), "pre-aggregator",
                                           argument_json(pre, "pre"), "pre", issues, notes);
  throw_if_any(issues);
  return {std::move(chain),
          argument_choice(argument_json(rule, argument), argument, "rule", rules().declarations()),
          declared};
}

// What the caller knows of the receiver.
struct Receiver {
  std::optional<std::size_t> own;
  std::vector<double> weights;
  py::object reference = py::none();  // its own gradient
  Offered offered() const { return {.own = own.has_value(), .reference = !reference.is_none()}; }
};

void check_weights(const std::vector<double>& weights, std::size_t n) {
  constexpr const char* kRemedy = "give the weight of each vector, the own one's among them";
  if (weights.size() != n)
    refuse_argument("weights", fmt::format("has {} weights for {} vectors", weights.size(), n),
                    kRemedy);
  for (std::size_t i = 0; i < n; ++i)
    if (!std::isfinite(weights[i]) || weights[i] < 0)
      refuse_argument(fmt::format("weights[{}]", i),
                      fmt::format("must be a finite number of at least 0, not {}", weights[i]),
                      kRemedy);
  if (const auto problem = problem_of_weights(weights))
    refuse_argument("weights", *problem, kRemedy);
}

// Of a caller that aggregates n vectors; no weights: all equal.
void check_receiver(const Receiver& receiver, std::size_t n) {
  if (receiver.own && *receiver.own >= n)
    refuse_argument("own", fmt::format("must be in [0, {}], not {}", n - 1, *receiver.own),
                    "give the index of the receiver's own vector");
  if (!receiver.weights.empty()) check_weights(receiver.weights, n);
}

void check_needs(const Aggregation& aggregation, const Receiver& receiver) {
  const Rule& rule = rules().at(aggregation.rule.name);
  if (rule.needs_losses)
    refuse_argument("rule",
                    rule.declaration.name + " compares losses of models, which only runs compute",
                    "use it in a scenario, or choose another rule");
  if (rule.needs_own && !receiver.own)
    refuse_argument("own",
                    "is missing: " + rule.declaration.name + " builds on the receiver's own vector",
                    "give its index among the vectors");
  if (rule.needs_reference && receiver.reference.is_none())
    refuse_argument(
        "reference",
        "is missing: " + rule.declaration.name + " compares with the receiver's own gradient",
        "give it, with as many values as a vector has");
  if (const auto unmet = unmet_need(aggregation, receiver.offered()))
    refuse_argument("pre", *unmet, "leave it out, or choose another rule");
}

// Outside a run nothing is promised, so only what cannot be computed is refused.
void check_condition(const Aggregation& aggregation, std::size_t n, Offered offered = {}) {
  if (const auto broken =
          broken_condition(aggregation, static_cast<std::int64_t>(n), true, offered))
    refuse_argument("f", *broken, "give more vectors, or a smaller f");
}

py::dict dict_of(const RuleCounts& counts) {
  py::dict named;
  if (counts.clipped) named["clipped"] = *counts.clipped;
  if (counts.removed) named["removed"] = *counts.removed;
  return named;
}

template <class Real>
py::object aggregate_rows(const Aggregation& aggregation, const VectorRows<Real>& rows,
                          const py::object& previous, const py::object& out,
                          const Receiver& receiver, std::uint64_t seed, int threads,
                          RuleCounts& counts) {
  check_receiver(receiver, rows.pointers.size());
  check_needs(aggregation, receiver);
  check_condition(aggregation, rows.pointers.size(), receiver.offered());
  std::optional<py::array_t<Real>> before;
  if (!previous.is_none()) before = row_of<Real>(previous, rows.dimension, "previous");
  py::array_t<Real> answer = answer_array(out, rows, before);
  AggregationInput<Real> input{rows.pointers, rows.dimension, before ? before->data() : nullptr,
                               Stream(seed, Purpose::aggregation, 0, 0), receiver.own};
  input.weights = receiver.weights;
  input.counts = &counts;
  std::optional<py::array_t<Real>> reference;
  if (!receiver.reference.is_none())
    reference = row_of<Real>(receiver.reference, rows.dimension, "reference");
  if (reference) input.reference = reference->data();
  Real* const target = answer.mutable_data();
  compute_unlocked(threads, [&](const Executor& executor) {
    aggregate_into(aggregation, input, executor, target);
  });
  return answer;
}

// The answer and what the rule counted.
py::tuple aggregate_vectors(const Aggregation& aggregation, const py::object& vectors,
                            const py::object& previous, const py::object& out,
                            std::optional<std::size_t> own, std::vector<double> weights,
                            const py::object& reference, std::uint64_t seed, int threads) {
  check_this_thread();
  checked_threads(threads);
  const Receiver receiver{own, std::move(weights), reference};
  RuleCounts counts;
  const py::object answer = std::visit(
      [&](const auto& rows) {
        return aggregate_rows(aggregation, rows, previous, out, receiver, seed, threads, counts);
      },
      rows_of(vectors, "vectors"));
  return py::make_tuple(answer, dict_of(counts));
}

template <class Real>
py::object matrix_of(const VectorList<Real>& vectors) {
  py::array_t<Real> matrix({vectors.size(), vectors.front().size()});
  Real* at = matrix.mutable_data();
  for (const auto& vector : vectors) at = std::copy(vector.begin(), vector.end(), at);
  return matrix;
}

template <class Real>
py::object pre_aggregate_rows(const Aggregation& aggregation, const VectorRows<Real>& rows,
                              std::uint64_t seed, int threads) {
  check_condition(aggregation, rows.pointers.size());
  const AggregationInput<Real> input{rows.pointers, rows.dimension, nullptr,
                                     Stream(seed, Purpose::aggregation, 0, 0)};
  VectorList<Real> made;
  compute_unlocked(threads, [&](const Executor& executor) {
    made = pre_aggregate(aggregation, input, executor);
  });
  return matrix_of(made);
}

py::object pre_aggregate_vectors(const Aggregation& aggregation, const py::object& vectors,
                                 std::uint64_t seed, int threads) {
  check_this_thread();
  checked_threads(threads);
  return std::visit(
      [&](const auto& rows) { return pre_aggregate_rows(aggregation, rows, seed, threads); },
      rows_of(vectors, "vectors"));
}

// One attack whose parameters have been read once.
struct BoundAttack {
  Choice choice;
  int f;
};

BoundAttack read_attack(const std::string& attack, std::int64_t f) {
  BoundAttack bound{argument_choice(argument_json(attack, "attack"), "attack", "attack",
                                    attacks().declarations()),
                    checked_f(f)};
  if (attacks().at(bound.choice.name).acts_on_data())
    refuse_argument("attack", bound.choice.name + " acts on data, not on vectors",
                    "choose it in a scenario");
  if (attacks().at(bound.choice.name).needs_graph(bound.choice.parameters))
    refuse_argument("attack", bound.choice.name + " forges a vector for each neighbour on a graph",
                    "choose it in a scenario");
  return bound;
}

template <class Real>
py::object craft_from_rows(const BoundAttack& bound, const VectorRows<Real>& rows,
                           const py::object& own, const Aggregation& defence, std::uint64_t seed,
                           int half, int threads) {
  const int n = static_cast<int>(rows.pointers.size()) + bound.f;
  if (const auto broken = broken_condition(defence, n, true))
    refuse_argument("defence", *broken, "name another rule, or give another f");
  std::optional<py::array_t<Real>> given;
  if (!own.is_none()) given = row_of<Real>(own, rows.dimension, "own");
  const Real* const first = given ? given->data() : rows.pointers.front();
  std::vector<Real> crafted;
  compute_unlocked(threads, [&](const Executor& executor) {
    AttackInput<Real> input{{first, rows.dimension},
                            rows.pointers,
                            n,
                            bound.f,
                            bound.choice.parameters,
                            Stream(seed, Purpose::attack, 0, 0),
                            &defence,
                            executor};
    input.half = half;
    crafted = attacks().at(bound.choice.name).craft(input);
  });
  return array_of(std::move(crafted));
}

py::object craft_vector(const BoundAttack& bound, const py::object& honest, const py::object& own,
                        const Aggregation& defence, std::uint64_t seed, int half, int threads) {
  check_this_thread();
  checked_threads(threads);
  if (half != 0 && half != 1)
    refuse_argument("half", fmt::format("must be 0 or 1, not {}", half),
                    "give the half of the nodes that the receiver belongs to");
  const AnyVectorRows rows = rows_of(honest, "honest");
  if (attacks().at(bound.choice.name).silent()) return py::none();
  return std::visit(
      [&](const auto& each) {
        return craft_from_rows(bound, each, own, defence, seed, half, threads);
      },
      rows);
}

}  // namespace

void define_aggregation(py::module_& module) {
  py::class_<Aggregation>(module, "Aggregation")
      .def(py::init(&read_aggregation), py::arg("rule"), py::arg("pre"), py::arg("f"),
           py::arg("argument") = "rule")
      .def("aggregate", &aggregate_vectors, py::arg("vectors"), py::arg("previous"), py::arg("out"),
           py::arg("own"), py::arg("weights"), py::arg("reference"), py::arg("seed"),
           py::arg("threads"))
      .def("pre_aggregate", &pre_aggregate_vectors, py::arg("vectors"), py::arg("seed"),
           py::arg("threads"));
  py::class_<BoundAttack>(module, "Attack")
      .def(py::init(&read_attack), py::arg("attack"), py::arg("f"))
      .def("craft", &craft_vector, py::arg("honest"), py::arg("own"), py::arg("defence"),
           py::arg("seed"), py::arg("half"), py::arg("threads"));
}

}  // namespace byzsim::python
