// A chain, then a rule. Only the last mixtures are kept as indices and factors: a coordinate-wise
// rule takes them piece by piece, any other asks for whole vectors.

#include "core/pre_aggregators/aggregation.h"

#include <fmt/format.h>

#include <algorithm>

namespace byzsim {
namespace {

template <class Real>
std::vector<const Real*> pointers_to(const VectorList<Real>& vectors) {
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  return pointers;
}

// Whether these are the vectors themselves, and not what a chain made of them.
template <class Real>
bool are_received(std::span<const Real* const> vectors, const AggregationInput<Real>& input) {
  return std::equal(vectors.begin(), vectors.end(), input.vectors.begin(), input.vectors.end());
}

template <class Real>
RuleInput<Real> input_of(std::span<const Real* const> vectors, const Choice& choice, int f,
                         const AggregationInput<Real>& input, const Executor& executor) {
  return {.vectors = vectors,
          .dimension = input.dimension,
          .f = f,
          .parameters = choice.parameters,
          .executor = executor,
          .previous = input.previous,
          .stream = input.stream,
          .own = input.own,
          .senders = input.senders,
          .memory = input.memory,
          .values = input.values,
          .norms = input.norms,
          .new_norms = input.new_norms,
          .model = input.model,
          .reference = input.reference,
          .weights = input.weights,
          .loss = input.loss,
          .distances = are_received(vectors, input) ? input.distances : nullptr};
}

// Whether every pre-aggregator makes of each vector one in its place.
bool keeps_places(const std::vector<Choice>& pre) {
  return std::all_of(pre.begin(), pre.end(), [](const Choice& choice) {
    return pre_aggregators().at(choice.name).outputs == nullptr;
  });
}

// What the rule is given. In a group the receiver's own vector is no longer one by itself, nor is
// any sender's, and weights are of single vectors.
template <class Real>
RuleInput<Real> input_of_rule(std::span<const Real* const> vectors, const Aggregation& aggregation,
                              const AggregationInput<Real>& input, const Executor& executor) {
  RuleInput<Real> given = input_of(vectors, aggregation.rule, aggregation.f, input, executor);
  given.counts = input.counts;
  if (keeps_places(aggregation.pre)) return given;
  given.own.reset();
  given.senders = {};
  given.memory = {};
  given.values = {};
  given.norms = {};
  given.new_norms = nullptr;
  given.weights = {};
  return given;
}

template <class Real>
std::vector<Mixture> mix(const Choice& choice, const RuleInput<Real>& input) {
  return pre_aggregators().at(choice.name).mix(input);
}

// The vectors that the last pre-aggregator of a chain is given, and what it makes of them.
template <class Real>
struct LastMix {
  VectorList<Real> made;  // by those before it; empty when there are none
  std::vector<const Real*> vectors;
  std::vector<Mixture> mixtures;
};

template <class Real>
LastMix<Real> mix_chain(const Aggregation& aggregation, const AggregationInput<Real>& input,
                        const Executor& executor) {
  LastMix<Real> last;
  last.vectors.assign(input.vectors.begin(), input.vectors.end());
  for (const Choice& choice : aggregation.pre) {
    if (&choice != &aggregation.pre.front()) {
      last.made = mixed_vectors<Real>(last.mixtures, last.vectors, input.dimension, executor);
      last.vectors = pointers_to(last.made);
    }
    last.mixtures =
        mix(choice, input_of<Real>(last.vectors, choice, aggregation.f, input, executor));
  }
  return last;
}

// Coordinates that are mixed and aggregated at once: few enough that those of some dozen mixtures
// stay in the cache.
constexpr std::size_t kPiece = 512;
template <class Real>
struct alignas(64) Piece {
  Real values[kPiece];
};

// A coordinate-wise rule on the mixtures, piece by piece: they are never written out whole.
template <class Real>
void aggregate_pieces(const Aggregation& aggregation, const AggregationInput<Real>& input,
                      const LastMix<Real>& last, const Executor& executor, Real* out) {
  const Rule& rule = rules().at(aggregation.rule.name);
  // Shards are already in parallel; a rule within one has nothing to share out.
  const Executor this_thread(1);
  for_each_shard(executor, input.dimension, [&](Shard shard, std::size_t) {
    Mixer<Real> mixer(last.mixtures, last.vectors);
    std::vector<Piece<Real>> mixed(last.mixtures.size());
    std::vector<Real*> rows;
    for (Piece<Real>& row : mixed) rows.push_back(row.values);
    const std::vector<const Real*> pointers(rows.begin(), rows.end());
    for (std::size_t begin = shard.begin; begin < shard.end; begin += kPiece) {
      const Shard piece{begin, std::min(begin + kPiece, shard.end)};
      mixer.write(piece, rows);
      AggregationInput<Real> part = input;
      part.dimension = piece.size();
      // The piece must look like a vector of its own from its first coordinate on.
      if (part.previous != nullptr) part.previous += begin;
      rule.aggregate(input_of_rule<Real>(pointers, aggregation, part, this_thread), out + begin);
    }
  });
}

}  // namespace

template <class Real>
VectorList<Real> pre_aggregate(const Aggregation& aggregation, const AggregationInput<Real>& input,
                               const Executor& executor) {
  if (!aggregation.pre.empty()) {
    const LastMix<Real> last = mix_chain(aggregation, input, executor);
    return mixed_vectors<Real>(last.mixtures, last.vectors, input.dimension, executor);
  }
  VectorList<Real> copies;
  for (const Real* vector : input.vectors) copies.emplace_back(vector, vector + input.dimension);
  return copies;
}

template <class Real>
void aggregate_into(const Aggregation& aggregation, const AggregationInput<Real>& input,
                    const Executor& executor, Real* out) {
  const Rule& rule = rules().at(aggregation.rule.name);
  if (!aggregation.pre.empty() && rule.coordinatewise)
    return aggregate_pieces(aggregation, input, mix_chain(aggregation, input, executor), executor,
                            out);
  const VectorList<Real> made =
      aggregation.pre.empty() ? VectorList<Real>() : pre_aggregate(aggregation, input, executor);
  const auto pointers = pointers_to(made);
  const std::span<const Real* const> given =
      aggregation.pre.empty() ? input.vectors : std::span<const Real* const>(pointers);
  rule.aggregate(input_of_rule(given, aggregation, input, executor), out);
}

template <class Real>
std::vector<Real> aggregate(const Aggregation& aggregation, const AggregationInput<Real>& input,
                            const Executor& executor) {
  std::vector<Real> out(input.dimension);
  aggregate_into(aggregation, input, executor, out.data());
  return out;
}

std::optional<std::string> unmet_need(const Aggregation& aggregation, Offered offered) {
  const Rule& rule = rules().at(aggregation.rule.name);
  for (const Choice& choice : aggregation.pre)
    if (rule.needs_own && pre_aggregators().at(choice.name).outputs != nullptr)
      return fmt::format("{} builds on the receiver's own vector, which {} mixes with others",
                         aggregation.rule.name, choice.name);
  return unmet_need(rule, offered);
}

std::optional<std::string> broken_condition(const Aggregation& aggregation, std::int64_t n,
                                            bool unsafe, Offered offered) {
  if (auto unmet = unmet_need(aggregation, offered)) return unmet;
  for (const Choice& choice : aggregation.pre) {
    const PreAggregator& entry = pre_aggregators().at(choice.name);
    if (!entry.computable.holds(n, aggregation.f))
      return fmt::format("{} needs {} vectors: with f = {} at least {}, not {}", choice.name,
                         to_string(entry.computable), aggregation.f,
                         entry.computable.least(aggregation.f), n);
    // What follows is given that many vectors, with the same f.
    if (entry.outputs != nullptr) n = entry.outputs(choice.parameters, n);
  }
  const Rule& rule = rules().at(aggregation.rule.name);
  if (auto broken = broken_condition(rule, n, aggregation.f, unsafe)) return broken;
  if (rule.problem == nullptr) return std::nullopt;
  return rule.problem(aggregation.rule.parameters, n, aggregation.f, unsafe);
}

template VectorList<float> pre_aggregate(const Aggregation&, const AggregationInput<float>&,
                                         const Executor&);
template VectorList<double> pre_aggregate(const Aggregation&, const AggregationInput<double>&,
                                          const Executor&);
template void aggregate_into(const Aggregation&, const AggregationInput<float>&, const Executor&,
                             float*);
template void aggregate_into(const Aggregation&, const AggregationInput<double>&, const Executor&,
                             double*);
template std::vector<float> aggregate(const Aggregation&, const AggregationInput<float>&,
                                      const Executor&);
template std::vector<double> aggregate(const Aggregation&, const AggregationInput<double>&,
                                       const Executor&);

}  // namespace byzsim
