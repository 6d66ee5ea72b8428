#include "tools/shrink/property.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/input/issue.h"
#include "sim/results/results.h"

namespace byzsim {
namespace {

constexpr const char* kForms =
    "write METRIC RELATION NUMBER, such as \"drift:max >= 0.9*\" (a share of the first "
    "measurement) or \"broken_invariants > 0\", or \"status = stalled\", or \"status = diverged\"";

std::string without_spaces(const std::string& text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) { return c != ' '; });
  return kept;
}

// "drift:max" -> largest. Throws InputError.
void read_metric(const std::string& metric, Expectation& expectation) {
  const std::size_t colon = std::min(metric.find(':'), metric.size());
  expectation.metric = metric.substr(0, colon);
  const std::vector<std::string> names = expectation_metrics();
  if (std::find(names.begin(), names.end(), expectation.metric) == names.end())
    throw InputError({"--keep", "unknown metric '" + expectation.metric + "'",
                      choose_from(expectation.metric, names)});
  const auto at = row_named(colon < metric.size() ? metric.substr(colon + 1) : "");
  if (!at)
    throw InputError(
        {"--keep", "unknown suffix '" + metric.substr(colon) + "'", "write :max, :min or :end"});
  expectation.at = *at;
}

// "0.9*" -> 0.9 and a share.
void read_number(std::string number, Property& property) {
  property.share = !number.empty() && number.back() == '*';
  if (property.share) number.pop_back();
  double& value = property.expectation.value;
  const auto [rest, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || rest != number.data() + number.size())
    throw InputError({"--keep", "\"" + number + "\" is not a number", kForms});
}

// What stands for a total that is 0 or 1.
std::optional<Property> read_state(const std::string& text) {
  const std::pair<const char*, const char*> states[] = {
      {"diverged", "diverged"},
      {"status=diverged", "diverged"},
      {"status=stalled", "stalled"},
      {"status=out_of_time", "timed_out"},
      {"status=time_limit", "timed_out"}};  // as it was called before
  for (const auto& [written, metric] : states)
    if (text == written) return Property{{metric, RowAt::end, Relation::equal, 1}};
  if (text.starts_with("status"))
    throw InputError(
        {"--keep", "unknown status in '" + text + "'",
         "write \"status = stalled\", \"status = out_of_time\" or \"status = diverged\""});
  return std::nullopt;
}

}  // namespace

Property read_property(const std::string& text) {
  // "drift>=0.5" and "drift >= 0.5" are one property.
  const std::string words = without_spaces(text);
  if (const auto state = read_state(words)) return *state;
  const std::size_t begin = words.find_first_of("<>=");
  // The whole run of signs, so that a typing error in it is named as one.
  const std::size_t end = words.find_first_not_of("<>=", begin);
  if (begin == std::string::npos || end == std::string::npos)
    throw InputError({"--keep", "'" + text + "' is not a comparison", kForms});
  Property property;
  read_metric(words.substr(0, begin), property.expectation);
  const std::string typed = words.substr(begin, end - begin);
  const auto relation = from_word<Relation>(typed);
  if (!relation)
    throw InputError(
        {"--keep", "unknown relation '" + typed + "'", choose_from(typed, words_of<Relation>())});
  property.expectation.relation = *relation;
  read_number(words.substr(end), property);
  Issues issues;
  // A share of a measurement is known only when it has been measured.
  if (!property.share)
    check_fraction(expectation_metric_descriptions(), property.expectation.metric,
                   property.expectation.value, "--keep", issues);
  throw_if_any(issues);
  return property;
}

Expectation expectation_of(const Property& property, double measured) {
  Expectation expectation = property.expectation;
  if (property.share) expectation.value *= measured;
  return expectation;
}

std::string to_text(const Expectation& expectation) {
  return fmt::format("{} ({}) {} {:.4g}", expectation.metric, to_string(expectation.at),
                     to_string(expectation.relation), expectation.value);
}

Verified verify(const Expectation& expectation, const Simulation& simulation) {
  return verify({expectation}, simulation.metrics(), totals_of_run(simulation)).front();
}

}  // namespace byzsim
