// A vector is judged by what a step along it does to the loss of the server's own examples.

#include <cmath>

#include "core/kernels/distances_to_point.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

// What Zeno subtracts from the loss at the model, which is the same for all: the loss after a step,
// and rho times the squared norm.
template <class Real>
std::vector<double> step_costs(const RuleInput<Real>& input) {
  const double step = input.parameters.real("step"), rho = input.parameters.real("rho");
  const std::vector<double> norms = norms_of(input.vectors, input.dimension, input.executor);
  std::vector<double> costs;
  std::vector<Real> stepped(input.dimension);
  for (std::size_t i = 0; i < norms.size(); ++i) {
    costs.push_back(kUnbounded);
    if (!std::isfinite(norms[i])) continue;
    for (std::size_t c = 0; c < stepped.size(); ++c)
      stepped[c] = static_cast<Real>(double(input.model[c]) - step * double(input.vectors[i][c]));
    const double cost = (*input.loss)(stepped.data()) + rho * (norms[i] * norms[i]);
    // A step to where the loss is no number is the worst there is.
    if (!std::isnan(cost)) costs.back() = cost;
  }
  return costs;
}

template <class Real>
void aggregate_zeno(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.loss != nullptr && *input.loss && input.model != nullptr,
            "Zeno compares losses around the receiver's model");
  BYZ_CHECK(input.n() > input.f, "Zeno averages the n - f best vectors");
  const auto kept = static_cast<std::size_t>(input.n() - input.f);
  mean_of_selected<Real>(input, least_scored<Real>(input, step_costs(input), kept), out);
}

}  // namespace

Rule zeno() {
  return {
      .declaration =
          {.name = "zeno",
           .summary = "the mean of the n-f vectors after a step along which the loss of the "
                      "server's own examples, plus rho times the squared norm, is least",
           .source = "Xie et al., ICML 2019 (Zeno), as we understand it; condition: an honest "
                     "vector",
           .parameters = {real("step", 0.1, 0, 1e6, "gamma: the length of the step, as a factor"),
                          real("rho", 0.001, 0, 1e6,
                               "what a unit of squared norm costs, as a loss")},
           .aliases = {"Zeno"}},
      .proven = {1, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_zeno<float>,
      .aggregate_double = aggregate_zeno<double>,
      .cost = "n d, and n losses",
      .needs_losses = true,
      .needs_reference = true};
}

}  // namespace byzsim::rules_list
