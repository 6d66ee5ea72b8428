#include "tools/sweep/range.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/parameter_reader.h"
#include "core/portable_math.h"
#include "core/units.h"
#include "tools/csv_table.h"

namespace byzsim {
namespace {

constexpr int kStepDigits = 6;   // of a linear range's step
constexpr int kValueDigits = 4;  // of a logarithmic range's values

enum class Quantity { number, duration, rate };

struct End {
  Quantity quantity;
  double size;  // nanoseconds of a duration, bits a second of a rate
};

std::optional<End> read_end(const Json& json) {
  if (json.is_number()) return End{Quantity::number, json.get<double>()};
  if (!json.is_string()) return std::nullopt;
  const std::string text = json.get<std::string>();
  if (const auto span = parse_duration(text)) return End{Quantity::duration, double(*span)};
  if (const auto rate = parse_rate(text)) return End{Quantity::rate, double(*rate)};
  return std::nullopt;
}

double rounded_to_digits(double value, int digits) {
  return *number_in(fmt::format("{:.{}e}", value, digits - 1));
}

// To so many decimals that the step keeps its digits.
double rounded_to_step(double value, double step) {
  const double exponent = std::floor(portable::log(std::fabs(step)) / portable::log(10));
  const int decimals = std::max(0, kStepDigits - 1 - static_cast<int>(exponent));
  return *number_in(fmt::format("{:.{}f}", value, decimals));
}

Json written(double size, Quantity quantity, bool whole) {
  if (quantity == Quantity::duration) return format_duration(std::llround(size));
  if (quantity == Quantity::rate) return format_rate(std::llround(size));
  if (whole || (size == std::floor(size) && std::fabs(size) < kLargestInteger))
    return std::llround(size);
  return size;
}

// Numbers as the file has them; durations and rates in their usual form, which is exact.
Json end_as_written(const End& end, const Json& json) {
  return end.quantity == Quantity::number ? json : written(end.size, end.quantity, false);
}

// Between the ends, `share` of the way.
double between(double from, double to, double share, double step, bool logarithmic) {
  if (!logarithmic) return rounded_to_step(from + (to - from) * share, step);
  const double exponent = portable::log(from) + (portable::log(to) - portable::log(from)) * share;
  return rounded_to_digits(portable::exp(exponent), kValueDigits);
}

void check_ends(const std::optional<End>& from, const std::optional<End>& to, bool logarithmic,
                const Json& range, const std::string& where, Issues& issues) {
  const char* forms = "write numbers, durations (\"5 ms\") or rates (\"1 Gbit/s\")";
  if (!from) issues.push_back({where + "/from", "is missing", forms});
  if (!to) issues.push_back({where + "/to", "is missing", forms});
  if (!from || !to) return;
  if (from->quantity != to->quantity)
    issues.push_back(
        {where,
         fmt::format("{} and {} must be of one kind", brief(range["from"]), brief(range["to"])),
         "give both ends the same unit"});
  else if (from->size == to->size)
    issues.push_back({where, "both ends are equal", "write \"values\" with one value"});
  else if (logarithmic && (from->size <= 0 || to->size <= 0))
    issues.push_back({where, "a logarithmic range must be above 0", "use \"scale\": \"linear\""});
}

}  // namespace

const std::vector<Parameter>& range_parameters() {
  static const std::vector<Parameter> declared = {
      integer("count", 5, 2, 10'000, "Number of values, both ends included"),
      word("scale", {"linear", "logarithmic"}, "Equal differences or equal ratios"),
      flag("whole", false, "Round the values between the ends to whole numbers")};
  return declared;
}

std::vector<Json> values_of_range(const Json& range, const std::string& where, Issues& issues) {
  if (!range.is_object()) {
    issues.push_back({where, "must be an object, not " + brief(range),
                      "for example {\"from\": 1, \"to\": 100, \"count\": 3, \"scale\": "
                      "\"logarithmic\"}"});
    return {};
  }
  const std::size_t before = issues.size();
  Json told = range;
  told.erase("from");
  told.erase("to");
  const Parameters parameters = read_parameters(range_parameters(), told, where, issues);
  const bool logarithmic = parameters.word("scale") == "logarithmic";
  const auto from = read_end(range.value("from", Json())), to = read_end(range.value("to", Json()));
  check_ends(from, to, logarithmic, range, where, issues);
  if (issues.size() > before) return {};
  const auto count = parameters.integer("count");
  const double step = (to->size - from->size) / double(count - 1);
  std::vector<Json> values = {end_as_written(*from, range["from"])};
  for (std::int64_t i = 1; i + 1 < count; ++i)
    values.push_back(
        written(between(from->size, to->size, double(i) / double(count - 1), step, logarithmic),
                from->quantity, parameters.flag("whole")));
  values.push_back(end_as_written(*to, range["to"]));
  return values;
}

}  // namespace byzsim
