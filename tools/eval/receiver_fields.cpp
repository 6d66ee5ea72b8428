#include "tools/eval/receiver_fields.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "core/input/issue.h"
#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

constexpr const char* kWeightsRemedy =
    "write the weight of each vector, the own one's among them, at least 0";

std::optional<std::size_t> own_field(const Json& request, std::size_t n) {
  if (!request.contains("own")) return std::nullopt;
  Issues issues;
  const auto value = read_value(integer("own", 0, 0, static_cast<double>(n) - 1, "")
                                    .with_hint("write the index of the receiver's own vector "
                                               "among \"vectors\", from 0"),
                                request["own"], "/own", issues);
  throw_if_any(issues);
  return static_cast<std::size_t>(std::get<std::int64_t>(*value));
}

std::vector<double> weights_field(const Json& request, std::size_t n) {
  if (!request.contains("weights")) return {};
  const Json& list = request["weights"];
  if (!list.is_array())
    throw InputError({"/weights", "must be a list of numbers, not " + brief(list), kWeightsRemedy});
  if (list.size() != n)
    throw InputError(
        {"/weights", fmt::format("has {} weights for {} vectors", list.size(), n), kWeightsRemedy});
  std::vector<double> weights;
  for (std::size_t i = 0; i < n; ++i) {
    // A word for a number that is not finite is no weight either.
    const double weight = list[i].is_number() ? list[i].get<double>() : std::nan("");
    if (!std::isfinite(weight) || weight < 0)
      throw InputError({fmt::format("/weights/{}", i),
                        "must be a finite number of at least 0, not " + brief(list[i]),
                        kWeightsRemedy});
    weights.push_back(weight);
  }
  if (const auto problem = problem_of_weights(weights))
    throw InputError({"/weights", *problem, kWeightsRemedy});
  return weights;
}

}  // namespace

Receiver receiver_fields(const Json& request, std::size_t n) {
  return {own_field(request, n), weights_field(request, n), request.contains("reference")};
}

void refuse_unmet_need(const Aggregation& aggregation, const Receiver& receiver) {
  const Rule& rule = rules().at(aggregation.rule.name);
  if (rule.needs_losses)
    throw InputError({"/aggregate",
                      fmt::format("{} compares losses of models, which eval does not compute",
                                  rule.declaration.name),
                      "use it in a scenario, or choose another rule"});
  if (rule.needs_own && !receiver.own)
    throw InputError(
        {"/own",
         fmt::format("is missing: {} builds on the receiver's own vector", rule.declaration.name),
         "write its index among \"vectors\", from 0"});
  if (rule.needs_reference && !receiver.reference)
    throw InputError({"/reference",
                      fmt::format("is missing: {} compares with the receiver's own gradient",
                                  rule.declaration.name),
                      "write it, with as many coordinates as the vectors"});
  if (const auto unmet = unmet_need(aggregation, receiver.offered()))
    throw InputError({"/pre", *unmet, "leave it out, or choose another rule"});
}

Json with_counts(Json answer, const RuleCounts& counts) {
  if (counts.clipped) answer["clipped"] = *counts.clipped;
  if (counts.removed) answer["removed"] = *counts.removed;
  return answer;
}

}  // namespace byzsim
