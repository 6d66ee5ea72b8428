// Loss on the wire. With retransmission a message only comes later. Without, as over UDP
// (AggregaThor, MLSys 2019), a vector arrives with the coordinates of the lost packets missing.
#include <cmath>
#include <limits>

#include "core/check.h"
#include "core/input/units.h"
#include "sim/network/faults/fault.h"

namespace byzsim::faults_list {
namespace {

// A message is sent again until it arrives: 10,000 times on average at most.
constexpr double kMostRetransmitted = 0.9999;

std::vector<float> without_lost_packets(std::vector<float> values, std::size_t packet,
                                        double probability, float fill, Stream stream) {
  for (std::size_t begin = 0; begin < values.size(); begin += packet)
    if (stream.uniform() < probability)
      std::fill(
          values.begin() + static_cast<std::ptrdiff_t>(begin),
          values.begin() + static_cast<std::ptrdiff_t>(std::min(begin + packet, values.size())),
          fill);
  return values;
}

Fault retransmitting(double probability, std::int64_t timeout) {
  BYZ_CHECK(probability <= kMostRetransmitted && timeout > 0,
            "a message that is sent again was checked to arrive");
  Fault fault;
  fault.on_message = [=](const Message&, Stream& stream, const Executor&, Transit& transit) {
    // Past the end of time no further loss can delay it.
    while (stream.uniform() < probability && transit.delay < kEndOfTime)
      transit.delay = after(transit.delay, timeout);
  };
  return fault;
}

Fault lossy(double probability, std::size_t packet, float fill) {
  BYZ_CHECK(packet > 0, "a packet holds a coordinate");
  Fault fault;
  fault.on_message = [=](const Message& message, Stream& stream, const Executor& executor,
                         Transit& transit) {
    if (!message.vector) {  // one packet
      transit.lost = stream.uniform() < probability;
      return;
    }
    // Blank vectors stay blank: which packets were lost would show nowhere.
    if (!message.vector.has_values()) return;
    const std::size_t dimension = message.vector.dimension();
    transit.vector =
        Payload::launch(executor, dimension, [=, vector = transit.vector, stream = stream] {
          return without_lost_packets(vector.values(), packet, probability, fill, stream);
        });
    for (std::size_t begin = 0; begin < dimension; begin += packet)
      stream.uniform();  // the next fault gets other draws
  };
  return fault;
}

Fault make_loss(const Parameters& parameters) {
  const double probability = parameters.real("probability");
  if (!parameters.is_word("retransmission"))
    return retransmitting(probability, parameters.duration_ns("retransmission"));
  return lossy(probability, static_cast<std::size_t>(parameters.integer("packet")),
               parameters.word("fill") == "zero" ? 0.0f : std::numeric_limits<float>::quiet_NaN());
}

std::optional<std::string> problem_loss(const Parameters& parameters) {
  if (parameters.is_word("retransmission") || parameters.real("probability") <= kMostRetransmitted)
    return std::nullopt;
  return "with retransmission the probability must be at most 0.9999, so that one transmission in "
         "10,000 arrives";
}

}  // namespace

FaultEntry loss() {
  return {{"loss",
           "packets get lost: retransmitted after a time, or, without retransmission, their "
           "coordinates are missing",
           "AggregaThor (Damaskinos et al., MLSys 2019): training over lossy transport",
           {real("probability", 0.01, 0, 1, "of each transmission or packet"),
            duration("retransmission", 200 * kMillisecond, 1, kLongestDuration,
                     "time until a lost message is sent again")
                .or_word("never"),
            integer("packet", 350, 1, 1e9, "coordinates in a packet, without retransmission")
                .only_while("retransmission", "never"),
            word("fill", {"zero", "nan"}, "value of lost coordinates")
                .only_while("retransmission", "never")}},
          make_loss,
          problem_loss};
}

}  // namespace byzsim::faults_list
