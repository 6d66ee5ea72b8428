// The Simulation's part between a Send and its delivery: what Byzantine nodes send instead, what a
// message draws, costs and suffers, and when it arrives.
#include <algorithm>
#include <span>

#include "core/check.h"
#include "core/compressors/compressor.h"
#include "sim/nodes/computations.h"
#include "sim/nodes/computing_time.h"
#include "sim/run/simulation.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

std::uint64_t counter_of(const Message& message) {
  return draw_counter({message.step, message.phase, message.round});
}

bool changes(const Transit& before, const Transit& after) {
  return before.delay != after.delay || before.lost != after.lost ||
         before.copies.size() != after.copies.size() || !before.vector.same_as(after.vector);
}

// A pull that arrives again is answered again, and the answers are told apart.
std::shared_ptr<const Message> copy_of(const std::shared_ptr<const Message>& message,
                                       std::int64_t copy) {
  if (message->phase != Phase::request) return message;
  Message again = *message;
  again.repeat = copy;
  return std::make_shared<const Message>(std::move(again));
}

// `vector`: as receivers read it.
Message message_of(const Scenario& scenario, const Machine& source, const Send& send,
                   Payload vector) {
  std::optional<std::uint64_t> bytes;
  if (send.compressed)
    bytes = static_cast<std::uint64_t>(compressed_bytes(scenario.compressor, vector.dimension()));
  return {.sender = source.id,
          .phase = send.phase,
          .step = send.step,
          .vector = std::move(vector),
          .round = send.round,
          .quorum = send.quorum,
          .vote = send.vote,
          .twin = source.twin,
          .repeat = send.repeat,
          .compressed_bytes = bytes};
}

// What receivers read of forged vectors that are compressed as honest ones are. Receivers of one
// vector share what it becomes.
std::vector<Payload> compressed_alike(const SharedWorkload& workload, const Machine& source,
                                      const Send& send, const std::vector<Payload>& forged) {
  const MessageKey key{send.step, send.phase, send.round};
  std::vector<Payload> read;
  for (std::size_t i = 0; i < forged.size(); ++i) {
    const auto same = std::find_if(forged.begin(), forged.end(), [&](const Payload& each) {
      return each.has_values() && each.same_as(forged[i]);
    });
    const auto first = static_cast<std::size_t>(same - forged.begin());
    if (forged[i].has_values() && forged[i].same_as(send.vector))
      read.push_back(send.compressed);
    else
      read.push_back(first < i ? read[first] : compressed(workload, source.id, key, forged[i]));
  }
  return read;
}

}  // namespace

// What an honest node sends is on its way; what a Byzantine one sends waits, perhaps for this.
void Simulation::send_out(const Machine& source, const Send& send) {
  const MessageKey key{send.step, send.phase, send.round};
  pending_.add(source, send);
  if (!scenario().is_byzantine(source.id)) {
    const auto message =
        std::make_shared<const Message>(message_of(scenario(), source, send, send.as_received()));
    const std::vector<NodeId> receivers = machines_.receivers_of(source, send);
    const std::vector<std::int64_t> drawn = drawn_delays(*message, receivers);
    for (std::size_t i = 0; i < receivers.size(); ++i) post(message, receivers[i], drawn[i]);
  }
  occurrence_.deeds.emplace_back(Sent{source.id, key, send.as_received()});
  for (const DeferredSend& due : pending_.take_due(key, *adversary_)) forge(due);
}

void Simulation::forge(const DeferredSend& deferred) {
  const Send& send = deferred.send;
  const Machine& source = deferred.source;
  const std::vector<NodeId> receivers = machines_.receivers_of(source, send);
  const PendingSend pending{.sender = source.id,
                            .phase = send.phase,
                            .step = send.step,
                            .own = send.vector,
                            .receivers = receivers,
                            .round = send.round,
                            .twin = source.twin,
                            .repeat = send.repeat};
  // A request or a vote has no vector to forge: the adversary only chooses whether it is sent.
  std::vector<Payload> forged(receivers.size());
  if (send.vector)
    forged = pending_.see(deferred, [&](const StepView& seen) {
      return adversary_->decide(pending, {scenario(), now(), workload_->dimension(), seen.honest,
                                          seen.corrupted, seen.sent.size(), workload_->executor()});
    });
  BYZ_CHECK(forged.size() == receivers.size(), "the adversary answers for every receiver");
  if (send.compressed) forged = compressed_alike(workload_, source, send, forged);
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    const bool silent =
        send.vector ? !forged[i] : adversary_->silent(scenario(), pending, receivers[i]);
    if (silent) continue;
    const auto message =
        std::make_shared<const Message>(message_of(scenario(), source, send, forged[i]));
    post(message, receivers[i], drawn_delays(*message, {receivers[i]}).front());
  }
}

// What the links draw, in the order of the receivers.
std::vector<std::int64_t> Simulation::drawn_delays(const Message& message,
                                                   const std::vector<NodeId>& receivers) const {
  const DelayDraws draws{scenario().seed, counter_of(message), now()};
  std::vector<std::uint64_t> links(receivers.size());
  for (std::size_t i = 0; i < links.size(); ++i)
    links[i] = link_between(message.sender, receivers[i]);
  std::vector<std::int64_t> drawn(receivers.size());
  if (scenario().links.empty()) {
    draw_delays(workload_->delay_of({}), draws, links, drawn);
    return drawn;
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto exception = workload_->link_between(message.sender, receivers[i]);
    draw_delays(workload_->delay_of(exception), draws, std::span(links).subspan(i, 1),
                std::span(drawn).subspan(i, 1));
  }
  return drawn;
}

// `drawn` whatever the adversary makes of it: a scheduler starts from the delay of the link.
void Simulation::post(const std::shared_ptr<const Message>& message, NodeId receiver,
                      std::int64_t drawn) {
  const NodeId sender = message->sender;
  const std::optional<std::size_t> exception = workload_->link_between(sender, receiver);
  const std::int64_t delay = adversary_->delay(
      {scenario(), *message, receiver, now(), drawn, scenario().is_byzantine(sender)});
  BYZ_CHECK(delay >= 0, "no adversary lets a message arrive before it is sent");
  // The common case: no copy of a message and no further stream.
  if (faults_->empty()) {
    occurrence_.deeds.emplace_back(Posted{message, receiver, exception, drawn, delay});
    return carry(message, receiver, delay);
  }
  Transit transit{receiver, now(), delay, message->vector};
  // One stream a message, from which the faults draw in the order of the scenario.
  Stream stream(scenario().seed, Purpose::fault, link_between(sender, receiver),
                counter_of(*message));
  for (std::size_t i = 0; i < faults_->size(); ++i) {
    if (!(*faults_)[i].on_message) continue;
    // To know which of the faults had an effect.
    const Transit before = transit;
    (*faults_)[i].on_message(*message, stream, workload_->executor(), transit);
    BYZ_CHECK(transit.delay >= 0, "no fault lets a message arrive before it is sent");
    BYZ_CHECK(transit.vector.dimension() == before.vector.dimension(),
              "a fault keeps a vector's dimension");
    if (changes(before, transit)) occurrence_.deeds.emplace_back(FaultActed{i});
  }
  const std::size_t copies = transit.lost ? 0 : transit.copies.size();
  occurrence_.deeds.emplace_back(
      Posted{message, receiver, exception, drawn, delay, transit.lost, copies});
  if (transit.lost) return;
  std::shared_ptr<const Message> arriving = message;
  if (!transit.vector.same_as(message->vector)) {
    // A message is shared by all its receivers: what one of them gets must not change for the
    // others.
    Message changed = *message;
    changed.vector = transit.vector;
    arriving = std::make_shared<const Message>(std::move(changed));
  }
  carry(arriving, receiver, transit.delay);
  std::int64_t copy = 0;
  for (const std::int64_t later : transit.copies)
    carry(copy_of(arriving, ++copy), receiver, after(transit.delay, later));
}

// From the sender's memory to the receiver's.
void Simulation::carry(const std::shared_ptr<const Message>& message, NodeId receiver,
                       std::int64_t delay) {
  const NodeId sender = message->sender;
  waiting_.sent(*message);
  // Without a price one event a message, not three.
  if (!network_.has_price()) return plan(sender, delay, receiver, Delivery{message, now()});
  const SimTime ready = network_.serialized(sender, wire_bytes(*message), now());
  plan(sender, ready - now(), receiver, Departure{message, now(), delay});
}

// What the network makes of its own events.
void Simulation::carry_on(NodeId target, const Event& event) {
  if (const auto* departure = std::get_if<Departure>(&event)) {
    wake_cards(
        network_.depart({departure->message, target, departure->delay, departure->sent}, now()),
        target);
  } else if (const auto* card = std::get_if<CardWake>(&event)) {
    auto [through, next] = network_.wake(card->card, now());
    if (next) wake_cards({*next}, target);
    for (Flight& flight : through) {
      const NodeId sender = flight.message->sender;
      plan(sender, flight.delay, flight.receiver, Arrival{std::move(flight.message), flight.sent});
    }
  } else {
    const auto& arrival = std::get<Arrival>(event);
    const SimTime ready = network_.serialized(target, wire_bytes(*arrival.message), now());
    // The sender remains the cause, as without a price, so that no node's sequence counts what
    // others send to it.
    plan(arrival.message->sender, ready - now(), target, Delivery{arrival.message, arrival.sent});
  }
}

void Simulation::wake_cards(const std::vector<Wake>& wakes, NodeId source) {
  for (const Wake& each : wakes) plan(source, each.time - now(), source, CardWake{each.card});
}

// Drops what no Byzantine node can ask for any more: the slowest of them decides. Asking all of
// them costs no more than the messages since.
void Simulation::forget_the_past() {
  const auto nodes = static_cast<std::uint64_t>(scenario().servers.byzantine.actual +
                                                scenario().workers.byzantine.actual);
  if (!pending_.is_time_to_forget(nodes)) return;
  std::int64_t oldest = pending_.least_step(scenario().steps);
  for (const NodeId id : machines_.byzantine_in_a_step())
    if (!is_gone(id)) oldest = std::min(oldest, machines_.least_step_of(id));
  pending_.forget_before(oldest);
}

}  // namespace byzsim
