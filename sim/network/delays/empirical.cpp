#include <algorithm>
#include <memory>

#include "core/input/units.h"
#include "sim/network/delays/delay.h"
#include "sim/network/delays/delay_file.h"

namespace byzsim::delays_list {
namespace {

// The quantile function between its points is linear, and constant beyond the outer ones.
double quantile(const DelayTable& table, double probability) {
  const auto& at = table.probabilities;
  const auto above = std::upper_bound(at.begin(), at.end(), probability);
  if (above == at.begin()) return table.spans.front();
  if (above == at.end()) return table.spans.back();
  const auto i = static_cast<std::size_t>(above - at.begin());
  const double share = (probability - at[i - 1]) / (at[i] - at[i - 1]);
  return table.spans[i - 1] + share * (table.spans[i] - table.spans[i - 1]);
}

std::int64_t unit_ns(const Parameters& parameters) {
  // The same words as durations elsewhere have.
  return *parse_duration("1 " + parameters.word("unit"));
}

}  // namespace

DelayEntry empirical() {
  return {{"empirical",
           "as measured: samples or quantiles from a file",
           "",
           {path("file",
                 "CSV, gzipped or plain, as a path or a name in the folder BYZSIM_DATA: `delay` a "
                 "line for samples, `probability,delay` a line for "
                 "quantiles (linear between them, constant beyond); the first line may be a "
                 "header"),
            word("unit", {"ms", "us", "ns", "s"}, "of the file's delays")}},
          [](const Parameters& parameters, const std::string& data_root) {
            const auto table = std::make_shared<const DelayTable>(read_delay_file(
                find_delay_file(parameters.text("file"), data_root), unit_ns(parameters)));
            const auto span = [table](DelayDraw& draw) {
              return table->probabilities.empty()
                         ? table->spans[draw.stream.below(table->spans.size())]
                         : quantile(*table, draw.stream.uniform());
            };
            return Delay(span, digest_of(*table));
          },
          [](const Parameters& parameters) -> std::optional<std::string> {
            if (!parameters.text("file").empty()) return std::nullopt;
            return "file must name a file of delays";
          },
          [](const Parameters& parameters, const std::string& data_root) {
            return std::vector{find_delay_file(parameters.text("file"), data_root)};
          }};
}

}  // namespace byzsim::delays_list
