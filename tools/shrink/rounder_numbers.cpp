// Fewer digits: of numbers, and of durations and rates, which are written with their unit.
#include <fmt/format.h>

#include <optional>

#include "core/input/units.h"
#include "tools/input/csv_table.h"
#include "tools/shrink/minimal_json.h"
#include "tools/shrink/smaller_scenarios.h"

namespace byzsim {
namespace {

// The fewest first: the first that holds the property is taken.
constexpr int kFewestDigits[] = {1, 2, 3, 6};

struct Place {
  std::string pointer;
  Json value;
};

std::string to_digits(double value, int digits) {
  return fmt::format("{:.{}e}", value, digits - 1);
}

// "1.2345 ms" -> "1.2 ms"; nothing for what is no number with a unit, or no longer than that.
std::optional<Json> rounded_quantity(const std::string& text, int digits) {
  const std::size_t unit = text.find(' ');
  if (unit == std::string::npos || (!parse_duration(text) && !parse_rate(text)))
    return std::nullopt;
  const double value = *number_in(text.substr(0, unit));
  const double round = *number_in(to_digits(value, digits));
  if (round == value) return std::nullopt;
  return fmt::format("{}{}", round, text.substr(unit));
}

std::optional<Json> rounded(const Json& value, int digits) {
  if (value.is_string()) return rounded_quantity(value.get<std::string>(), digits);
  const auto exact = value.get<double>();
  const double round = *number_in(to_digits(exact, digits));
  return round == exact ? std::nullopt : std::optional<Json>(round);
}

void collect_places(const std::string& pointer, const Json& value, std::vector<Place>& found) {
  // The property itself must not become easier, and names hold no numbers.
  if (pointer == "/expect" || pointer == "/name" || pointer == "/summary") return;
  if (value.is_number_float() || value.is_string()) found.push_back({pointer, value});
  if (!value.is_structured()) return;
  std::size_t index = 0;
  for (const auto& [key, held] : value.items())
    collect_places(
        pointer_to(pointer, value.is_array() ? std::to_string(index++) : std::string(key)), held,
        found);
}

void add_change(const Place& at, const Json& value, Json& patch) {
  patch.push_back({{"op", "replace"}, {"path", at.pointer}, {"value", value}});
}

}  // namespace

std::vector<Smaller> rounder_numbers(const Json& scenario) {
  std::vector<Place> places;
  collect_places("", scenario, places);
  std::vector<Smaller> found;
  for (const int digits : kFewestDigits) {
    Json patch = Json::array();
    for (const Place& place : places)
      if (const auto round = rounded(place.value, digits)) add_change(place, *round, patch);
    if (!patch.empty())
      found.push_back({fmt::format("{} numbers to {} digits", patch.size(), digits), patch});
  }
  // One by one only after all together: most scenarios need no exact number, and one run shows it.
  for (std::size_t i = 0; i < places.size(); ++i)
    for (const int digits : kFewestDigits)
      if (const auto round = rounded(places[i].value, digits)) {
        Json patch = Json::array();
        add_change(places[i], *round, patch);
        found.push_back(
            {fmt::format("{} {} -> {}", places[i].pointer, brief(places[i].value), brief(*round)),
             patch, i + 1});
      }
  return found;
}

}  // namespace byzsim
