// Strategies that do what some built-in ones do, under other names: their runs must be the same.
#include <cstddef>
#include <cstdint>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

constexpr const char* kWords[] = {"minus", "plus", nullptr};
constexpr byzsim_parameter kReversedParameters[] = {
    {"factor", "how much longer", BYZSIM_REAL, 100, 0, 1e12, nullptr},
    {"sign", "of the factor", BYZSIM_WORD, 0, 0, 0, kWords}};
constexpr byzsim_parameter kNoiseParameters[] = {
    {"mean", "of each coordinate", BYZSIM_REAL, 0, -1e12, 1e12, nullptr},
    {"deviation", "of each coordinate", BYZSIM_REAL, 1, 0, 1e12, nullptr}};
constexpr byzsim_parameter kBurstParameters[] = {
    {"period", "between two bursts", BYZSIM_DURATION, 1e7, 1, 1e15, nullptr}};

// As `reversed`.
template <class Input, class Real>
const char* reverse(void*, const Input* input, Real* out) {
  const Real size = static_cast<Real>(input->parameters[0].real);
  const Real factor = input->parameters[1].integer == 0 ? -size : size;
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = input->own[c] * factor;
  return nullptr;
}

// As `gaussian`; in float32 alone.
const char* make_noise(void*, const byzsim_attack_input* input, float* out) {
  const double mean = input->parameters[0].real, deviation = input->parameters[1].real;
  for (std::size_t c = 0; c < input->dimension; ++c)
    out[c] = static_cast<float>(mean + deviation * input->host->normal(input->host));
  return nullptr;
}

// Says what the receivers would make of the honest vectors alone.
const char* agree(void*, const byzsim_attack_input* input, float* out) {
  const bool known = input->host->defend(input->host, input->honest, input->honest_count, out) == 0;
  for (std::size_t c = 0; !known && c < input->dimension; ++c) out[c] = input->own[c];
  return nullptr;
}

// As `burst`.
const char* hold_back(void*, const byzsim_dispatch* dispatch, std::int64_t* delay_ns) {
  const std::int64_t period = dispatch->parameters[0].integer;
  const std::int64_t arrival = dispatch->now_ns + dispatch->drawn_ns;
  *delay_ns = dispatch->drawn_ns + (period - arrival % period) % period;
  return nullptr;
}

struct Work {
  const byzsim_rule_input* input;
  float* out;
};

void average_shard(void* context, std::size_t begin, std::size_t end) {
  const auto& [input, out] = *static_cast<const Work*>(context);
  for (std::size_t c = begin; c < end; ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < input->count; ++i) sum += double(input->vectors[i][c]);
    out[c] = static_cast<float>(sum / double(input->count));
  }
}

// As `average`.
const char* average(void*, const byzsim_rule_input* input, float* out) {
  Work work{input, out};
  input->host->for_each_shard(input->host, input->dimension, average_shard, &work);
  return nullptr;
}

constexpr byzsim_attack kAttacks[] = {
    {{"other_reversed", "as reversed", nullptr, kReversedParameters, 2},
     nullptr,
     0,
     0,
     reverse<byzsim_attack_input, float>,
     reverse<byzsim_attack_input_double, double>},
    {{"other_gaussian", "as gaussian", nullptr, kNoiseParameters, 2},
     nullptr,
     0,
     0,
     make_noise,
     nullptr},
    {{"agreeing", "what receivers make of honest vectors", nullptr, nullptr, 0},
     nullptr,
     1,
     0,
     agree,
     nullptr}};
constexpr byzsim_scheduler kSchedulers[] = {
    {{"other_burst", "as burst", nullptr, kBurstParameters, 1}, nullptr, hold_back}};
constexpr byzsim_rule kRules[] = {{{"other_average", "as average", "ours", nullptr, 0},
                                   nullptr,
                                   {0, 1},
                                   {0, 1},
                                   "n d",
                                   average,
                                   nullptr}};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, kAttacks, 3, kSchedulers, 1, kRules, 1};
