#include <fmt/format.h>

#include <algorithm>

#include "core/kernels/distances_to_point.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
std::size_t pivot_of(const RuleInput<Real>& input) {
  // At a parameter server no vector is the receiver's own; somebody has to be trusted.
  if (input.parameters.is_word("pivot")) return input.own.value_or(0);
  const auto pivot = static_cast<std::size_t>(input.parameters.integer("pivot"));
  // A quorum of a timeout may have fewer vectors than the scenario was checked for.
  return std::min(pivot, input.vectors.size() - 1);
}

Parameter pivot_parameter() {
  return integer("pivot", 0, 0, kMostVectors,
                 "index of the trusted vector among those received, which are in the order of "
                 "their senders; own: the receiver's own, or the first if its own is absent")
      .or_default_word("own");
}

std::optional<std::string> problem_monna(const Parameters& parameters, std::int64_t n, std::int64_t,
                                         bool) {
  // A vector that is not there can be trusted by nobody, unsafe or not.
  if (parameters.is_word("pivot") || parameters.integer("pivot") < n) return std::nullopt;
  return fmt::format("monna has no vector {} (\"pivot\"): there are {}, counted from 0",
                     parameters.integer("pivot"), n);
}

template <class Real>
void aggregate_monna(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "MoNNA averages n - f vectors, at least one");
  const std::vector<double> distances = squared_distances_to(
      input.vectors[pivot_of(input)], input.vectors, input.dimension, input.executor);
  const auto kept = static_cast<std::size_t>(input.n() - input.f);
  mean_of_selected<Real>(input, least_scored(input, distances, kept), out);
}

}  // namespace

Rule monna() {
  return {
      .declaration = {.name = "monna",
                      .summary =
                          "the mean of the n-f vectors nearest to a trusted one, itself included",
                      .source =
                          "Farhadkhani et al., ICML 2023, with its condition as we understand it; "
                          "ByzFL, whose idx is the pivot",
                      .parameters = {pivot_parameter()},
                      .aliases = {"MoNNA"}},
      .proven = {5, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_monna<float>,
      .aggregate_double = aggregate_monna<double>,
      .cost = "n d",
      .problem = problem_monna};
}

}  // namespace byzsim::rules_list
