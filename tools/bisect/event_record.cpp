#include "tools/bisect/event_record.h"

#include <fmt/format.h>

#include "core/input/units.h"
#include "sim/scenario/node_name.h"

namespace byzsim {
namespace {

std::uint64_t bits_of(const Message& message) {
  // Most messages carry a vector alone.
  if (message.quorum.empty() && message.vote == 0) return message.vector.digest();
  Digest digest;
  digest.add({message.vector.digest(), message.vote});
  for (const Heard& heard : message.quorum)
    // A proposal carries others' vectors on: each of them counts, with its sender.
    digest.add({heard.sender.code(), heard.vector.digest()});
  return digest.value();
}

std::optional<MessageRecord> record_of(const Message* message) {
  if (!message) return std::nullopt;
  return MessageRecord{message->sender, message->phase, message->step, message->round,
                       bits_of(*message)};
}

ScheduledRecord record_of(const Scheduled& scheduled, bool one_role) {
  const std::shared_ptr<const Message>* message = message_in(scheduled.event);
  ScheduledRecord record{scheduled.time,
                         kind_of(scheduled.event),
                         scheduled.target,
                         record_of(message ? message->get() : nullptr),
                         0,
                         {},
                         0,
                         one_role};
  if (const auto* computed = std::get_if<Computed>(&scheduled.event)) {
    record.computes = computed->phase;
    record.step = computed->step;
  } else if (const auto* due = std::get_if<TimerDue>(&scheduled.event)) {
    record.number = due->name.number;
    record.step = due->name.step;
  } else if (const auto* departure = std::get_if<Departure>(&scheduled.event)) {
    record.number = departure->delay;
  } else if (const auto* card = std::get_if<CardWake>(&scheduled.event)) {
    record.number = card->card;
  }
  return record;
}

std::string of_step(Phase phase, std::int64_t step) {
  return fmt::format("the {} of step {}", to_string(phase), step);
}

std::string words_for(const MessageRecord& message, bool one_role) {
  // Most phases have one round.
  const std::string round = message.round == 0 ? "" : fmt::format(", round {},", message.round);
  return fmt::format("{}{} of {}", of_step(message.phase, message.step), round,
                     name_of_node(one_role, message.sender));
}

}  // namespace

EventRecord record_of(const Occurrence& occurrence, const Simulation& simulation) {
  const Delivery* delivery = occurrence.delivery();
  const Computed* computed = occurrence.computation();
  EventRecord record{occurrence.number,
                     occurrence.time,
                     occurrence.kind(),
                     occurrence.target,
                     occurrence.twin,
                     occurrence.cause,
                     record_of(occurrence.message()),
                     delivery ? delivery->sent : 0,
                     occurrence.verdict,
                     computed ? std::optional(computed->phase) : std::nullopt,
                     computed ? computed->step : 0,
                     computed ? computed->begun : 0,
                     {},
                     values_of(simulation.digest()),
                     simulation.workload().scenario().one_role};
  for (const Scheduled& each : occurrence.scheduled.value())
    record.scheduled.push_back(record_of(each, record.one_role));
  return record;
}

std::string sentence(const EventRecord& record) {
  const std::string node =
      name_of_node(record.one_role, record.node) + (record.twin == 1 ? " (its twin)" : "");
  if (record.message && record.verdict)
    return fmt::format("{} receives {}, sent at {}: {}", node,
                       words_for(*record.message, record.one_role), format_duration(record.sent),
                       to_string(*record.verdict));
  if (record.computed)
    return fmt::format("{} has computed {}, begun at {}", node,
                       of_step(*record.computed, record.step), format_duration(record.begun));
  switch (record.kind) {
    case EventKind::start:
      return node + " starts";
    case EventKind::timer:
      return node + " is woken by its timer";
    case EventKind::departure:
      return "a message to " + node + " begins its transfer";
    case EventKind::card:
      return "a network card updates its transfers, for " + node;
    case EventKind::arrival:
      return "a message arrives at " + node + " and is deserialised";
    case EventKind::delivery:
    case EventKind::computed:
      // Without a verdict or a result they were due at a node that is down.
      return node + " is down: messages that are due wait or are lost";
  }
  return node;
}

std::string sentence(const ScheduledRecord& record) {
  const std::string at = format_duration(record.time);
  const std::string node = name_of_node(record.one_role, record.node);
  if (record.computes)
    return fmt::format("{} will have computed {} at {}", node,
                       of_step(*record.computes, record.step), at);
  if (!record.message) return fmt::format("{} of {} at {}", to_string(record.kind), node, at);
  const std::string message = words_for(*record.message, record.one_role);
  if (record.kind == EventKind::departure)
    return fmt::format("{} to {} departs at {}, and takes {} more", message, node, at,
                       format_duration(record.number));
  return fmt::format("{} reaches {} at {}", message, node, at);
}

}  // namespace byzsim
