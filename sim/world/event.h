// Events: what can happen at an instant, and the place of each in time.
//
// Events are processed in one total order of their keys (time, priority, source, sequence). No two
// of a run have one key. A tie in time is decided by the kind of event, then by the identity of the
// node that caused it, never by the order in which events were scheduled, so that a further node or
// message cannot reorder the others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <variant>

#include "core/input/words.h"
#include "sim/world/message.h"
#include "sim/world/node.h"
#include "sim/world/time.h"

namespace byzsim {

/// Where an event stands in time.
struct EventKey {
  static constexpr std::size_t kFields = 4;  // of an archive
  SimTime time;
  std::uint32_t priority;  ///< kinds of events at the same instant; lower first
  std::uint64_t source;    ///< code of the node that caused it
  std::uint64_t sequence;  ///< counts the events that this source caused

  friend bool operator<(const EventKey& a, const EventKey& b) {
    return std::tie(a.time, a.priority, a.source, a.sequence) <
           std::tie(b.time, b.priority, b.source, b.sequence);
  }
};

/// A node begins.
struct Start {
  static constexpr std::size_t kFields = 1;  // of an archive
  int twin = 0;  ///< which of two state machines, where the node is twins
};

/// A message reaches its receiver, which answers with a Verdict. `message` is never null.
struct Delivery {
  static constexpr std::size_t kFields = 3;  // of an archive
  std::shared_ptr<const Message> message;
  SimTime sent;
  std::optional<int> twin = {};  ///< of twins that receive it; empty: the network has yet to say
};

/// A node has computed a vector, which it may send now.
struct Computed {
  static constexpr std::size_t kFields = 4;  // of an archive
  Phase phase;                               ///< what the vector is
  std::int64_t step;
  SimTime begun;
  int twin = 0;
};

/// A node that asked to be woken is.
struct TimerDue {
  static constexpr std::size_t kFields = 2;  // of an archive
  TimerName name;
  int twin = 0;
};

/// A message is serialised: its transfer begins.
struct Departure {
  static constexpr std::size_t kFields = 3;  // of an archive
  std::shared_ptr<const Message> message;
  SimTime sent;
  std::int64_t delay;  ///< of the link, after the transfer
};

/// A network card may have passed a transfer on: whether it has, the card finds out when it looks,
/// because a transfer that began since then slows the others down.
struct CardWake {
  static constexpr std::size_t kFields = 1;  // of an archive
  std::int64_t card;                         ///< of Network
};

/// A message has arrived and is to be deserialised.
struct Arrival {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::shared_ptr<const Message> message;
  SimTime sent;
};

/// At the same instant earlier kinds come first. Only append.
using Event = std::variant<Start, Delivery, Computed, TimerDue, Departure, CardWake, Arrival>;

/// The kinds of events, in the order of the variant.
enum class EventKind : std::uint32_t {
  start,
  delivery,
  computed,
  timer,
  departure,
  card,
  arrival,
};
constexpr std::size_t kEventKinds = std::variant_size_v<Event>;
template <>
struct Words<EventKind> {
  static constexpr std::array<const char*, kEventKinds> all = {
      "start", "delivery", "computed", "timer", "departure", "card", "arrival"};
};

inline EventKind kind_of(const Event& event) { return static_cast<EventKind>(event.index()); }

/// The message that an event carries; null where it carries none.
inline const std::shared_ptr<const Message>* message_in(const Event& event) {
  if (const auto* delivery = std::get_if<Delivery>(&event)) return &delivery->message;
  if (const auto* departure = std::get_if<Departure>(&event)) return &departure->message;
  if (const auto* arrival = std::get_if<Arrival>(&event)) return &arrival->message;
  return nullptr;
}
inline std::shared_ptr<const Message>* message_in(Event& event) {
  return const_cast<std::shared_ptr<const Message>*>(message_in(std::as_const(event)));
}

}  // namespace byzsim
