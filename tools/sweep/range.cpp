#include "tools/sweep/range.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/exact/portable_math.h"
#include "core/input/decimal.h"
#include "core/input/parameter_reader.h"
#include "core/input/units.h"
#include "tools/sweep/measured.h"

namespace byzsim {
namespace {

constexpr int kStepDigits = 6;   // of a linear range's step
constexpr int kValueDigits = 4;  // of a logarithmic range's values
constexpr int kGapDigits = 3;    // of the distance between two of them
constexpr double kNear = 1e-6;  // ends that differ by a smaller ratio: equal ratios are equal steps

struct ValueRange {
  double from = 0, to = 0;
  std::size_t count = 0;
  Quantity quantity = Quantity::number;
  bool logarithmic = false;
  bool whole = false;  // of numbers; durations and rates always are
};

bool in_whole_units(const ValueRange& range) {
  return range.whole || range.quantity != Quantity::number;
}

// `share` of the way from one end to the other, unrounded.
double between(const ValueRange& range, double share) {
  const double ratio = range.to / range.from;
  // The logarithm of a ratio close to 1 has lost most of its digits.
  if (!range.logarithmic || std::fabs(ratio - 1) < kNear)
    return std::lerp(range.from, range.to, share);
  // One logarithm of the ratio rounds less than two of the ends, where the ratio does not overflow.
  if (std::isnormal(ratio)) return range.from * portable::exp(portable::log(ratio) * share);
  return portable::exp(std::lerp(portable::log(range.from), portable::log(range.to), share));
}

std::vector<double> unrounded(const ValueRange& range) {
  // The ends are as written, never computed.
  std::vector<double> values = {range.from};
  for (std::size_t i = 1; i + 1 < range.count; ++i)
    values.push_back(between(range, double(i) / double(range.count - 1)));
  values.push_back(range.to);
  return values;
}

// Decimals with which a number of this size has that many digits; none for a size of 0.
int decimals_of(double size, int digits) {
  return size == 0 ? 0 : digits - 1 - decimal_exponent(size);
}

int decimals_at(const ValueRange& range, const std::vector<double>& values, std::size_t i) {
  const double gap =
      std::min(std::fabs(values[i] - values[i - 1]), std::fabs(values[i + 1] - values[i]));
  if (!range.logarithmic) return std::max(0, decimals_of(gap, kStepDigits));
  return std::max(decimals_of(values[i], kValueDigits), decimals_of(gap, kGapDigits));
}

std::vector<double> rounded_between(const ValueRange& range, const std::vector<double>& values) {
  std::vector<double> short_ones = values;
  for (std::size_t i = 1; i + 1 < values.size(); ++i)
    short_ones[i] = round_decimals(values[i], decimals_at(range, values, i));
  return short_ones;
}

// The nearest whole numbers of which no two are equal; the ends have room for them.
std::vector<double> whole_ones(std::vector<double> values) {
  const double way = values.back() > values.front() ? 1 : -1;
  for (std::size_t i = 1; i + 1 < values.size(); ++i) {
    // Each leaves room for the ones after it, so that rounding makes no two equal.
    const double before = values[i - 1] + way;
    const double after = values.back() - way * double(values.size() - 1 - i);
    values[i] = std::clamp(std::round(values[i]), std::min(before, after), std::max(before, after));
  }
  return values;
}

bool strictly_ordered(const std::vector<double>& values) {
  const bool rising = values.back() > values.front();
  return std::adjacent_find(values.begin(), values.end(), [&](double left, double right) {
           return rising ? left >= right : left <= right;
         }) == values.end();
}

Json written(double size, const ValueRange& range) {
  if (range.quantity == Quantity::duration) return format_duration(std::llround(size));
  if (range.quantity == Quantity::rate) return format_rate(std::llround(size));
  // Beyond 2^53 a double stands for several whole numbers.
  if (size == std::floor(size) && std::fabs(size) < kLargestInteger) return std::llround(size);
  return size;
}

bool is_end(const Json& range, const char* key, const std::string& where, Issues& issues) {
  const Json end = range.value(key, Json());
  if (measured(end)) return true;
  issues.push_back({pointer_to(where, key),
                    range.contains(key)
                        ? "must be a number, a duration or a rate, not " + brief(end)
                        : "is missing",
                    "write numbers, durations (\"5 ms\") or rates (\"1 Gbit/s\")"});
  return false;
}

void check_whole(const ValueRange& range, const std::string& where, Issues& issues) {
  if (range.quantity != Quantity::number) {
    if (range.whole)
      issues.push_back({where, "only ranges of numbers can be whole", "leave \"whole\" out"});
    return;
  }
  for (const double end : {range.from, range.to})
    if (range.whole && (end != std::floor(end) || std::fabs(end) > kLargestInteger))
      issues.push_back({where, fmt::format("{} is not a whole number up to 2^53 - 1", end),
                        "a range of whole numbers must have whole ends"});
}

void check_room(const ValueRange& range, const std::string& where, Issues& issues) {
  const double room = std::fabs(range.to - range.from) + 1;
  if (!in_whole_units(range) || room >= double(range.count)) return;
  const char* unit = range.quantity == Quantity::number     ? "whole numbers"
                     : range.quantity == Quantity::duration ? "whole nanoseconds"
                                                            : "whole bits a second";
  issues.push_back(
      {where, fmt::format("has {} {}, fewer than the {} values asked for", room, unit, range.count),
       fmt::format("ask for at most {} values, or for a wider range", room)});
}

void check_range(const ValueRange& range, const std::string& where, Issues& issues) {
  const std::size_t before = issues.size();
  if (range.from == range.to)
    issues.push_back({where, "both ends are equal", "write \"values\" with one value"});
  else if (range.logarithmic && (range.from <= 0 || range.to <= 0))
    issues.push_back({where, "a logarithmic range must be above 0", "use \"scale\": \"linear\""});
  check_whole(range, where, issues);
  if (issues.size() == before) check_room(range, where, issues);
}

std::optional<ValueRange> read_range(const Json& json, bool whole_key, const std::string& where,
                                     Issues& issues) {
  const std::size_t before = issues.size();
  Json told = json;
  told.erase("from");
  told.erase("to");
  const Parameters parameters = read_parameters(range_parameters(), told, where, issues);
  // Both ends are checked, so that both mistakes are reported at once.
  const bool from_is_end = is_end(json, "from", where, issues);
  if (!is_end(json, "to", where, issues) || !from_is_end) return std::nullopt;
  const Measured from = *measured(json["from"]), to = *measured(json["to"]);
  if (from.quantity != to.quantity)
    issues.push_back(
        {where,
         fmt::format("{} and {} must be of one kind", brief(json["from"]), brief(json["to"])),
         "give both ends the same unit"});
  if (issues.size() > before) return std::nullopt;
  const bool of_numbers = from.quantity == Quantity::number;
  const ValueRange range = {from.size,
                            to.size,
                            static_cast<std::size_t>(parameters.integer("count")),
                            from.quantity,
                            parameters.word("scale") == "logarithmic",
                            parameters.flag("whole") || (of_numbers && whole_key)};
  check_range(range, where, issues);
  return issues.size() > before ? std::nullopt : std::optional(range);
}

// Numbers as the file has them; durations and rates in their usual form, which is exact.
Json end_as_written(double size, const ValueRange& range, const Json& json) {
  return in_whole_units(range) ? written(size, range) : json;
}

}  // namespace

const std::vector<Parameter>& range_parameters() {
  static const std::vector<Parameter> declared = {
      integer("count", 5, 2, 10'000, "Number of values, both ends included"),
      word("scale", {"linear", "logarithmic"}, "Equal differences or equal ratios"),
      flag(
          "whole", false,
          "Round the values between the ends to whole numbers, as is done for every key that takes "
          "whole numbers only")};
  return declared;
}

std::vector<Json> values_of_range(const Json& json, bool whole_key, const std::string& where,
                                  Issues& issues) {
  if (!json.is_object()) {
    issues.push_back({where, "must be an object, not " + brief(json),
                      "for example {\"from\": 1, \"to\": 100, \"count\": 3, \"scale\": "
                      "\"logarithmic\"}"});
    return {};
  }
  const auto range = read_range(json, whole_key, where, issues);
  if (!range) return {};
  const std::vector<double> exact = unrounded(*range);
  std::vector<double> sizes = rounded_between(*range, exact);
  if (in_whole_units(*range)) sizes = whole_ones(sizes);
  if (!strictly_ordered(sizes)) sizes = exact;  // so near that every digit counts
  if (!strictly_ordered(sizes)) {
    issues.push_back({where, fmt::format("has fewer than {} different numbers", range->count),
                      "ask for fewer values, or for a wider range"});
    return {};
  }
  std::vector<Json> values = {end_as_written(range->from, *range, json["from"])};
  for (std::size_t i = 1; i + 1 < sizes.size(); ++i) values.push_back(written(sizes[i], *range));
  values.push_back(end_as_written(range->to, *range, json["to"]));
  return values;
}

}  // namespace byzsim
