// Aggregation rules (GARs): from n vectors of which at most f are Byzantine, one vector. One file a
// rule under rules/; this header is what they share.
//
// Conventions for all: ties go to the lowest index; an order statistic treats NaN as +infinity; a
// distance to a non-finite vector is +infinity; no rule returns a non-finite value while at most f
// inputs are non-finite and its condition on (n, f) holds. Sums are taken in double.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "core/exact/random.h"
#include "core/input/parameters.h"
#include "core/input/table.h"
#include "core/kernels/symmetric_matrix.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// What a rule did to vectors, where it counts them; nothing where it does not.
struct RuleCounts {
  std::optional<std::int64_t> clipped;  ///< vectors whose difference to the own one was shortened
  std::optional<std::int64_t> removed;  ///< vectors that got no weight at all
};

/// What a receiver can give a rule beside the vectors.
struct Offered {
  bool own = false;     ///< its own vector, among the others
  bool losses = false;  ///< the loss of a vector as a model
  /// Its model, and the gradient there on examples that it holds itself.
  bool reference = false;
};

/// What a rule is given. `Real` is float (runs) or double (`eval` on request).
template <class Real>
struct RuleInput {
  std::span<const Real* const> vectors;  ///< n pointers, each to `dimension` values
  std::size_t dimension;
  int f;                         ///< declared number of Byzantine vectors among the n
  const Parameters& parameters;  ///< every parameter the rule declares
  const Executor& executor;
  /// What the same receiver's last aggregation gave, for rules that build on it; null at first.
  const Real* previous = nullptr;
  /// Named by the receiver, step and phase, for rules that draw.
  Stream stream = Stream(0, Purpose::aggregation, 0, 0);
  /// The index of the receiver's own vector, for rules that trust it; nothing where it is not one
  /// of them.
  std::optional<std::size_t> own = {};
  /// The sender of each vector by its index within its role, ascending; empty where unknown.
  std::span<const std::int32_t> senders = {};
  /// What the receiver keeps of the sender of each vector, `sender_vectors` vectors each, one
  /// sender after the other, which the rule may change; empty where nothing is kept.
  std::span<Real* const> memory = {};
  /// What it keeps of the sender of each vector beside these: a pointer to `sender_values` numbers
  /// of each, which the rule may change; empty where nothing is kept.
  std::span<Real* const> values = {};
  /// The norms of the vectors of all earlier aggregations, in their order, and where the rule
  /// writes those of the present ones; empty and null where nothing is kept.
  std::span<const Real> norms = {};
  Real* new_norms = nullptr;
  /// The receiver's model, and the gradient there on examples that it holds itself, for rules that
  /// compare with it; null where there are none.
  const Real* model = nullptr;
  const Real* reference = nullptr;
  /// The gossip weight of each vector, that of the receiver's own among them; finite and not
  /// negative. Empty: all are 1/n.
  std::span<const double> weights = {};
  /// The loss of a vector, taken as a model, on the receiver's own examples; null outside runs.
  const std::function<double(const Real* model)>* loss = nullptr;
  /// Their squared distances, where the receiver can give them; null where the rule computes them
  /// (received_distances.h). For the vectors as they were received.
  const std::function<SymmetricMatrix()>* distances = nullptr;
  /// Where the rule reports its counts; null where nobody asks.
  RuleCounts* counts = nullptr;

  int n() const { return static_cast<int>(vectors.size()); }
};

/// n >= times_f * f + plus.
struct Bound {
  int times_f;
  int plus;
  /// The fewest vectors with which it holds.
  std::int64_t least(std::int64_t f) const { return times_f * f + plus; }
  bool holds(std::int64_t n, std::int64_t f) const { return n >= least(f); }
};

/// "n >= 2f + 3".
std::string to_string(Bound bound);

/// How the arithmetic of a rule grows with n vectors of d coordinates; a simulated server spends
/// its time by it. Multiplications and comparisons, the leading term.
enum class Growth {
  vectors,  ///< n d
  sorting,  ///< n log2(n) d
  pairs,    ///< n^2 d / 2
};

/// As many vectors as there can be nodes of one role.
constexpr std::int64_t kMostVectors = 1'000'000;

/// One rule of the table. `aggregate` writes the `dimension` values of the result to `out`, which
/// overlaps no input. `computable` must hold; otherwise it is a programmer error.
struct Rule {
  Declaration declaration;
  Bound proven;      ///< the published condition under which the rule tolerates f Byzantine vectors
  Bound computable;  ///< without it the formula has no meaning
  std::function<void(const RuleInput<float>& input, float* out)> aggregate_float;
  std::function<void(const RuleInput<double>& input, double* out)> aggregate_double;
  std::int64_t most_vectors = kMostVectors;  ///< n beyond this is refused
  Growth growth = Growth::vectors;           ///< of its arithmetic
  std::string cost = "";                     ///< the same for people, in n, f and d: "n^2 d"
  /// The variance-to-norm ratio sigma / ||grad L|| below which (alpha, f)-resilience is proved;
  /// null where no bound was published.
  double (*variance_bound)(int n, int f) = nullptr;
  /// Whether every coordinate of the result depends on that coordinate of the vectors alone.
  bool coordinatewise = false;
  /// Vectors that a receiver keeps of each sender from one aggregation to the next, 0 at first:
  /// then the rule is a function of them too.
  std::size_t sender_vectors = 0;
  /// Numbers that a receiver keeps of each sender in the same way.
  std::size_t sender_values = 0;
  /// Whether a receiver keeps the norms of all vectors that it ever aggregated.
  bool keeps_norms = false;
  /// Whether it keeps anything from one aggregation to the next.
  bool remembers() const { return sender_vectors > 0 || sender_values > 0 || keeps_norms; }
  /// Whether it builds on the receiver's own vector (`own`), which it trusts and never removes.
  bool needs_own = false;
  /// Whether the gossip weights of the vectors (`weights`) count.
  bool uses_weights = false;
  /// Whether it asks for losses (`loss`).
  bool needs_losses = false;
  /// Whether it compares with the receiver's own gradient (`model`, `reference`).
  bool needs_reference = false;
  /// What is wrong with parameters for n vectors, f of them Byzantine, as a sentence: they leave no
  /// protection or, `unsafe` or not, have no meaning. Null when nothing can be.
  std::optional<std::string> (*problem)(const Parameters& parameters, std::int64_t n,
                                        std::int64_t f, bool unsafe) = nullptr;

  /// The same under one name, for code that is written for both types.
  void aggregate(const RuleInput<float>& input, float* out) const { aggregate_float(input, out); }
  void aggregate(const RuleInput<double>& input, double* out) const {
    aggregate_double(input, out);
  }
};

/// All rules: those of rules.def in its order, then those of plugins.
const Table<Rule>& rules();
/// Adds a rule from outside the tree, before anything runs (adversaries/plugins/).
void add_rule(Rule rule);

/// Multiplications and comparisons of one aggregation of n vectors of `dimension`, as its growth
/// has them.
double operations(Growth growth, std::size_t n, std::size_t dimension);

/// What the rule needs and the receiver does not offer, as a sentence; nothing when it has all.
std::optional<std::string> unmet_need(const Rule& rule, Offered offered);

/// What is wrong with gossip weights that are finite and not negative, as a sentence: a sum that
/// gives no weighted mean. Nothing when they have one.
std::optional<std::string> problem_of_weights(std::span<const double> weights);

/// Why (n, f) breaks the rule's condition, as a sentence; nothing when it holds. With `unsafe` only
/// what cannot be computed counts.
std::optional<std::string> broken_condition(const Rule& rule, std::int64_t n, std::int64_t f,
                                            bool unsafe);

}  // namespace byzsim
