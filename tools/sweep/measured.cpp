#include "tools/sweep/measured.h"

#include <string>

#include "core/input/units.h"

namespace byzsim {
namespace {

std::optional<std::int64_t> seed_meant(const Json& value) {
  if (value.is_string()) return parse_seed(value.get<std::string>());
  if (value.is_number_unsigned()) return static_cast<std::int64_t>(value.get<std::uint64_t>());
  return std::nullopt;
}

}  // namespace

std::optional<Measured> measured(const Json& value) {
  if (value.is_number()) return Measured{Quantity::number, value.get<double>()};
  if (!value.is_string()) return std::nullopt;
  const std::string text = value.get<std::string>();
  // No text is both: the units of durations and rates differ.
  if (const auto span = parse_duration(text)) return Measured{Quantity::duration, double(*span)};
  if (const auto rate = parse_rate(text)) return Measured{Quantity::rate, double(*rate)};
  return std::nullopt;
}

bool mean_the_same(const Json& left, const Json& right) {
  if (left == right) return true;
  // Numbers compare as numbers above: as doubles two large ones may seem to be equal.
  const auto first = measured(left), second = measured(right);
  if (first && second) return first->quantity != Quantity::number && *first == *second;
  const auto seed = seed_meant(left);
  return seed && seed == seed_meant(right);
}

}  // namespace byzsim
