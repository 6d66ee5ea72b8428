#include "core/input/units.h"
#include "sim/network/faults/fault.h"

namespace byzsim::faults_list {
namespace {

Fault make_duplication(const Parameters& parameters) {
  const double probability = parameters.real("probability");
  const auto after = static_cast<double>(parameters.duration_ns("after"));
  Fault fault;
  fault.on_message = [=](const Message&, Stream& stream, const Executor&, Transit& transit) {
    if (stream.uniform() >= probability) return;
    // A copy shares the vector: only its arrival is another.
    transit.copies.push_back(span_of(after * stream.exponential()));
  };
  return fault;
}

}  // namespace

FaultEntry duplication() {
  return {{"duplication",
           "a message arrives a second time",
           "",
           {real("probability", 0.01, 0, 1, "of each message"),
            duration("after", kMillisecond, 0, kLongestDuration,
                     "mean time between the two, exponential")}},
          make_duplication,
          nullptr};
}

}  // namespace byzsim::faults_list
