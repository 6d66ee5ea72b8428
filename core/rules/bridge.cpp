// The screens of BRIDGE alone: the step along the gradient at the old own model is the protocol's.

#include <array>

#include "core/kernels/order_statistics.h"
#include "core/kernels/weighted_mean.h"
#include "core/machine/shards.h"
#include "core/rules/gossip.h"

namespace byzsim::rules_list {
namespace {

bool trims_neighbours(const Parameters& parameters) {
  return parameters.word("screen") == "trimmed_mean" && parameters.word("trimmed") == "neighbours";
}

// The rule of that name with its defaults, over the own vector and the neighbours alike.
template <class Real>
void screen_all(const RuleInput<Real>& input, Real* out) {
  const Rule& screen = rules().at(input.parameters.word("screen"));
  const Parameters parameters = defaults(screen.declaration.parameters);
  screen.aggregate(
      RuleInput<Real>{input.vectors, input.dimension, input.f, parameters, input.executor}, out);
}

// The mean of the own vector and of what is left of the others once f are trimmed at each end.
template <class Real>
void screen_neighbours(const RuleInput<Real>& input, Real* out) {
  const std::size_t own = own_of(input), trim = static_cast<std::size_t>(input.f);
  std::vector<const Real*> neighbours(input.vectors.begin(), input.vectors.end());
  neighbours.erase(neighbours.begin() + static_cast<std::ptrdiff_t>(own));
  BYZ_CHECK(neighbours.size() >= 2 * trim, "no more neighbours are trimmed than there are");
  const std::size_t left = neighbours.size() - 2 * trim;
  if (left == 0) return copy_vector(input, own, out);
  std::vector<Real> trimmed(input.dimension);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    coordinatewise_trimmed_mean<Real>(neighbours, shard.begin, shard.end, trim, trimmed.data());
  });
  const std::array<const Real*, 2> both = {trimmed.data(), input.vectors[own]};
  const double share = 1 / static_cast<double>(left + 1);
  const std::array<double, 2> shares = {static_cast<double>(left) * share, share};
  weighted_mean<Real>(both, shares, input.dimension, input.executor, out);
}

template <class Real>
void aggregate_bridge(const RuleInput<Real>& input, Real* out) {
  own_of(input);  // checks that it is there
  if (trims_neighbours(input.parameters)) return screen_neighbours(input, out);
  screen_all(input, out);
}

std::optional<std::string> problem_bridge(const Parameters& parameters, std::int64_t n,
                                          std::int64_t f, bool unsafe) {
  if (trims_neighbours(parameters)) return std::nullopt;
  const auto broken = broken_condition(rules().at(parameters.word("screen")), n, f, unsafe);
  return broken ? std::optional("the screen of bridge: " + *broken) : std::nullopt;
}

}  // namespace

Rule bridge() {
  return {
      .declaration =
          {.name = "bridge",
           .summary = "screens the neighbours' vectors: by default the mean, in every "
                      "coordinate, of the own value and of the neighbours' without the f lowest "
                      "and the f highest",
           .source = "BRIDGE-T, -M, -K and -B, as we understand them, without their step along "
                     "the gradient; condition: a neighbour is left of those trimmed",
           .parameters =
               {word("screen", {"trimmed_mean", "median", "krum", "bulyan"},
                     "trimmed_mean of the neighbours, or another rule with its defaults over "
                     "the neighbours' vectors and the own one"),
                word("trimmed", {"neighbours", "all"},
                     "neighbours: the own value joins the mean untrimmed; all: it is trimmed like "
                     "the others")
                    .only_while("screen", "trimmed_mean")},
           .aliases = {"BRIDGE"}},
      .proven = {2, 2},
      .computable = {2, 1},
      .aggregate_float = aggregate_bridge<float>,
      .aggregate_double = aggregate_bridge<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d; n^2 d with krum or bulyan",
      .needs_own = true,
      .problem = problem_bridge};
}

}  // namespace byzsim::rules_list
