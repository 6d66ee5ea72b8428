// The Simulation's part between a Send and its delivery: what a message draws, costs and suffers,
// and who hears it.
#include "core/input/issue.h"
#include "sim/network/delays/delay.h"
#include "sim/run/simulation.h"
#include "sim/scenario/halves.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

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

}  // namespace

// What is scheduled for a message has its way as the cause, all else the time to compute.
void Simulation::refuse_end_of_time(NodeId source, const Content& content) const {
  const bool computing = content.kind == EventKind::computed;
  throw InputError(
      {computing ? "/compute" : "/network",
       computing ? to_string(source) + " would compute until after the end of simulated time, "
                                       "which is 292 years"
                 : "a message of " + to_string(source) +
                       " would travel until after the end of "
                       "simulated time, which is 292 years",
       computing ? "use shorter computing times or fewer steps, or set /time_limit"
                 : "use shorter delays, more bandwidth or fewer steps, or set /time_limit"});
}

void Simulation::post(const std::shared_ptr<const Message>& message, NodeId receiver) {
  const NodeId sender = message->sender;
  const std::uint64_t link = link_between(sender, receiver);
  const DrawName name = name_of(Purpose::delay, Purpose::delay_in_round, message->step,
                                message->phase, message->round);
  const Stream drawn_from(scenario().seed, name.purpose, link, name.counter);
  const std::optional<std::size_t> exception = workload_->link_between(sender, receiver);
  if (exception)
    consulted_.links[*exception] = true;
  else
    consulted_.network_delay = true;
  const std::int64_t drawn =
      draw_delay(workload_->delay_of(exception), {drawn_from, scenario().seed, link, now_});
  const std::int64_t delay = adversary_->delay(
      {scenario(), *message, receiver, now_, drawn, scenario().is_byzantine(sender)});
  if (delay != drawn) consulted_.scheduler = true;
  const std::uint64_t bytes = wire_bytes(*message);
  digest_.draws.add({sender.code(), receiver.code(), static_cast<std::uint64_t>(delay)});
  const auto phase = static_cast<std::size_t>(message->phase);
  digest_.messages.add({sender.code(), receiver.code(),
                        phase | static_cast<std::uint64_t>(message->round) << 8,
                        static_cast<std::uint64_t>(message->step), bytes});
  if (message->vector || !message->quorum.empty()) ++totals_.messages;
  if (__builtin_add_overflow(totals_.bytes, bytes, &totals_.bytes))
    throw InputError({scenario().numbers == "none" ? "/dimension" : "/model",
                      "more than 2^64 bytes are sent", "use a smaller dimension or fewer steps"});
  ++totals_.messages_by_phase[phase];
  totals_.bytes_by_phase[phase] += bytes;
  if (faults_->empty()) return carry(message, receiver, delay);

  Transit transit{receiver, now_, delay, message->vector};
  Stream stream(
      scenario().seed, Purpose::fault, link,
      name_in_round(Purpose::fault, message->step, message->phase, message->round).counter);
  for (std::size_t i = 0; i < faults_->size(); ++i) {
    const Fault& fault = (*faults_)[i];
    if (!fault.on_message) continue;
    const Transit before = transit;
    fault.on_message(*message, stream, workload_->executor(), transit);
    if (changes(before, transit)) consulted_.faults[i] = true;
  }
  if (transit.lost) {
    ++totals_.lost;
    return;
  }
  std::shared_ptr<const Message> arriving = message;
  if (!transit.vector.same_as(message->vector)) {
    Message changed = *message;
    changed.vector = transit.vector;
    arriving = std::make_shared<const Message>(std::move(changed));
  }
  totals_.duplicated += transit.copies.size();
  carry(arriving, receiver, transit.delay);
  std::int64_t copy = 0;
  for (const std::int64_t later : transit.copies)
    carry(copy_of(arriving, ++copy), receiver, after(transit.delay, later));
}

// From the sender's memory to the receiver's.
void Simulation::carry(const std::shared_ptr<const Message>& message, NodeId receiver,
                       std::int64_t delay) {
  const NodeId sender = message->sender;
  if (message->vector.has_values() || !message->quorum.empty()) {
    ++sent_vectors_;
    sent_bytes_ += wire_bytes(*message);
  }
  if (!network_.has_price())
    return schedule(sender, delay, {EventKind::delivery, receiver, message, now_});
  const SimTime ready = network_.serialized(sender, wire_bytes(*message), now_);
  schedule(sender, ready - now_, {EventKind::departure, receiver, message, now_, delay});
}

void Simulation::arrive(Flight flight) {
  const NodeId sender = flight.message->sender;
  schedule(sender, flight.delay,
           {EventKind::arrival, flight.receiver, std::move(flight.message), flight.sent});
}

void Simulation::wake(const std::vector<Wake>& wakes, NodeId source) {
  for (const Wake& each : wakes)
    schedule(source, each.time - now_, {EventKind::card, source, nullptr, now_, each.card});
}

// Who hears a message that has arrived: of twins first the one whose half it comes from. What twins
// say to twins stays within a half; other Byzantine nodes speak to both alike.
Simulation::Machine Simulation::hearing(const Content& content) {
  const NodeId target = content.target, sender = content.message->sender;
  if (content.twin || !twins_.contains(target)) return {target, content.twin.value_or(0)};
  if (twins_.contains(sender)) return {target, content.message->twin};
  const bool byzantine = scenario().is_byzantine(sender);
  const int first = byzantine ? 0 : cluster_of(scenario(), sender);
  Content later = content;
  later.twin = 1 - first;
  schedule(sender, byzantine ? 0 : *adversary_->twins(scenario(), target), std::move(later));
  return {target, first};
}

}  // namespace byzsim
