// Rules that use what version 2 of the interface adds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

double squared_distance(const float* a, const float* b, std::size_t dimension) {
  double sum = 0;
  for (std::size_t c = 0; c < dimension; ++c)
    sum += (double(a[c]) - double(b[c])) * (double(a[c]) - double(b[c]));
  return sum;
}

// As `monna`: the mean of the n - f vectors nearest to the receiver's own.
const char* trust_own(void*, const byzsim_rule_input* input, float* out) {
  const std::size_t own = input->own_index < 0 ? 0 : static_cast<std::size_t>(input->own_index);
  std::vector<double> distances(input->count);
  std::vector<std::size_t> nearest(input->count);
  for (std::size_t i = 0; i < input->count; ++i) {
    nearest[i] = i;
    distances[i] = squared_distance(input->vectors[own], input->vectors[i], input->dimension);
  }
  std::stable_sort(nearest.begin(), nearest.end(),
                   [&](std::size_t a, std::size_t b) { return distances[a] < distances[b]; });
  nearest.resize(input->count - static_cast<std::size_t>(input->f));
  for (std::size_t c = 0; c < input->dimension; ++c) {
    double sum = 0;
    for (const std::size_t i : nearest) sum += double(input->vectors[i][c]);
    out[c] = static_cast<float>(sum / double(nearest.size()));
  }
  return nullptr;
}

// Fails with what it is given beside the vectors.
const char* recite(const std::int64_t own, const std::int32_t* senders, std::size_t count,
                   const double* weights) {
  thread_local char text[200];
  int length = std::snprintf(text, sizeof text, "own %d, senders", static_cast<int>(own));
  for (std::size_t i = 0; senders != nullptr && i < count; ++i)
    length += std::snprintf(text + length, 20, " %d", senders[i]);
  std::snprintf(text + length, 40, "%s%s", senders == nullptr ? " unknown" : "",
                weights == nullptr ? "" : ", weights");
  return text;
}

template <class Input, class Real>
const char* recite_input(void*, const Input* input, Real*) {
  if (!BYZSIM_HAS(Input, input, weights) || input->size != sizeof *input ||
      input->host->size != sizeof *input->host)
    return "is given less than the header describes";
  return recite(input->own_index, input->senders, input->count, input->weights);
}

const char* write_senders(void*, const byzsim_rule_input* input, float* out) {
  std::fill_n(out, input->dimension, 0.0f);
  const_cast<std::int32_t*>(input->senders)[1] = 0;
  return nullptr;
}

const char* check_sizes(void*, const byzsim_attack_input* input, float* out) {
  std::copy_n(input->own, input->dimension, out);
  return input->size == sizeof *input ? nullptr : "has another size";
}

const char* check_dispatch(void*, const byzsim_dispatch* dispatch, std::int64_t* delay_ns) {
  *delay_ns = dispatch->drawn_ns;
  return dispatch->size == sizeof *dispatch ? nullptr : "has another size";
}

constexpr byzsim_rule rule(const char* name, decltype(byzsim_rule::aggregate) aggregate,
                           std::int64_t growth) {
  return {{name, "tests version 2", nullptr, nullptr, 0},
          nullptr,
          {1, 1},
          {1, 1},
          nullptr,
          aggregate,
          aggregate == recite_input<byzsim_rule_input, float>
              ? recite_input<byzsim_rule_input_double, double>
              : nullptr,
          growth};
}

constexpr byzsim_attack kAttacks[] = {
    {{"sized", "its own vector", nullptr, nullptr, 0}, nullptr, 0, 0, check_sizes, nullptr}};
constexpr byzsim_scheduler kSchedulers[] = {
    {{"sized_scheduler", "the drawn delay", nullptr, nullptr, 0}, nullptr, check_dispatch}};
constexpr byzsim_rule kRules[] = {
    rule("other_monna", trust_own, BYZSIM_GROWTH_VECTORS),
    rule("other_monna_by_pairs", trust_own, BYZSIM_GROWTH_PAIRS),
    rule("reciting", recite_input<byzsim_rule_input, float>, BYZSIM_GROWTH_SORTING),
    rule("sender_writer", write_senders, BYZSIM_GROWTH_OF_COST)};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, kAttacks, 1, kSchedulers, 1, kRules, 4, 0};
