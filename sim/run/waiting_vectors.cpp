// What is dropped and what goes to disk. Nothing here may change what nodes receive: a message
// keeps its key, its dimension and its time.

#include "sim/run/waiting_vectors.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

// Looking through the future costs as much as it holds: not before this number more were sent.
constexpr std::uint64_t kLeastSent = 1024;

bool carries_values(const Message& message) {
  return message.vector.has_values() ||
         std::any_of(message.quorum.begin(), message.quorum.end(),
                     [](const Heard& heard) { return heard.vector.has_values(); });
}

// What is left of a message that nobody can use: all but its values.
Message without_values(Message message) {
  // Of its dimension, by which the receiver judges it.
  if (message.vector) message.vector = Payload::blank(message.vector.dimension());
  for (Heard& heard : message.quorum)
    if (heard.vector) heard.vector = Payload::blank(heard.vector.dimension());
  return message;
}

std::uint64_t bytes_of(const Payload& payload) {
  return payload.has_values() && !payload.is_stored() ? sizeof(float) * payload.dimension() : 0;
}

// 0 for what a node will never use, now or when it arrives.
std::size_t room_at(NodeId id, const Message& message, SimTime arrival,
                    const WaitingVectors::Places& places) {
  return is_gone(id, places.faults, arrival) ? 0 : places.machines.room_for(id, message);
}

}  // namespace

// A message on its way whose receiver can use it.
struct WaitingVectors::InFlight {
  SimTime time;
  std::uint64_t sequence;
  Planned* planned;

  const std::shared_ptr<const Message>& message() const { return *message_in(planned->event); }
  auto quorum() const {
    return std::tuple(planned->target, message()->phase, message()->step, message()->round);
  }
};

void WaitingVectors::sent(const Message& message) {
  if (!message.vector.has_values() && message.quorum.empty()) return;
  ++sent_vectors_;
  // In memory a compressed vector is as long as any other.
  const std::uint64_t dense = sizeof(float) * message.vector.dimension();
  sent_bytes_ += wire_bytes(message) - message.compressed_bytes.value_or(dense) + dense;
}

bool WaitingVectors::is_time() const {
  return sent_vectors_ >= std::max(kLeastSent, totals_.messages / 2) || sent_bytes_ >= limit_ / 4;
}

void WaitingVectors::drop(Planned& planned) {
  BYZ_CHECK(message_in(planned.event) != nullptr, "only a message on its way is dropped");
  std::shared_ptr<const Message>& message = *message_in(planned.event);
  message = std::make_shared<const Message>(without_values(*message));
  ++totals_.dropped;
}

// Those that arrive after enough others to fill their quorum.
void WaitingVectors::drop_beyond_quorums(std::vector<InFlight>& waiting, const Places& places) {
  if (!places.in_order) return;
  std::sort(waiting.begin(), waiting.end(), [](const InFlight& a, const InFlight& b) {
    // The order among equal times does not count: they are judged together.
    return std::tuple(a.quorum(), a.time) < std::tuple(b.quorum(), b.time);
  });
  std::vector<InFlight> kept;
  std::set<NodeId> senders;
  for (std::size_t first = 0; first < waiting.size();) {
    std::size_t end = first;
    senders.clear();
    while (end < waiting.size() && waiting[end].quorum() == waiting[first].quorum()) {
      // Of those that arrive at one instant, none counts as before the others.
      std::size_t same = end;
      const std::size_t before = senders.size();
      for (; same < waiting.size() && waiting[same].quorum() == waiting[first].quorum() &&
             waiting[same].time == waiting[end].time;
           ++same) {
        InFlight& each = waiting[same];
        senders.insert(each.message()->sender);
        if (before < room_at(each.planned->target, *each.message(), each.time, places))
          kept.push_back(each);
        else
          drop(*each.planned);
      }
      end = same;
    }
    first = end;
  }
  waiting = std::move(kept);
}

void WaitingVectors::put(Payload& payload, std::map<const float*, Payload>& stored) {
  const std::uint64_t bytes = bytes_of(payload);
  if (bytes == 0) return;
  // Messages share vectors: by the address of its values each is written once.
  const auto [place, fresh] = stored.try_emplace(payload.values().data());
  if (fresh) place->second = store_->put(payload);
  payload = place->second;
  // Not below 0, as the account of vectors that several hold is rough.
  totals_.in_memory -= std::min(totals_.in_memory, bytes);
}

// The latest first, until what is left in memory is half of the limit.
void WaitingVectors::store(std::vector<InFlight>& waiting, const Places& places) {
  if (!store_) store_ = VectorStore::in(folder_of_stores());
  std::map<const float*, Payload> stored;
  std::sort(waiting.begin(), waiting.end(), [](const InFlight& a, const InFlight& b) {
    return std::tuple(a.time, a.sequence) > std::tuple(b.time, b.sequence);
  });
  std::map<const Message*, std::shared_ptr<const Message>> written;
  std::vector<std::shared_ptr<const Message>> originals;  // so that no address comes again
  for (const InFlight& each : waiting) {
    // Half, so that the next few messages do not bring it above the limit again.
    if (totals_.in_memory <= limit_ / 2) break;
    std::shared_ptr<const Message>& message = *message_in(each.planned->event);
    std::shared_ptr<const Message>& changed = written[message.get()];
    if (!changed) {
      Message copy = *message;
      put(copy.vector, stored);
      for (Heard& heard : copy.quorum) put(heard.vector, stored);
      changed = std::make_shared<const Message>(std::move(copy));
      originals.push_back(message);
    }
    message = changed;
  }
  places.each_kept([&](Payload& payload) {
    if (totals_.in_memory > limit_ / 2) put(payload, stored);
  });
}

void WaitingVectors::look_through(Places places) {
  BYZ_CHECK(places.each_kept != nullptr, "vectors that are kept can be visited");
  sent_vectors_ = sent_bytes_ = 0;
  std::vector<InFlight> waiting;
  places.future.for_each([&](const EventKey& key, Planned& planned) {
    const std::shared_ptr<const Message>* message = message_in(planned.event);
    if (!message || !carries_values(**message)) return;
    if (room_at(planned.target, **message, key.time, places) == 0)
      drop(planned);
    else
      waiting.push_back({key.time, key.sequence, &planned});
  });
  drop_beyond_quorums(waiting, places);
  totals_.messages = waiting.size();
  totals_.in_memory = 0;
  std::set<const Message*> counted;
  for (const InFlight& each : waiting) {
    // A message to all is one message with many receivers.
    if (!counted.insert(each.message().get()).second) continue;
    totals_.in_memory += bytes_of(each.message()->vector);
    for (const Heard& heard : each.message()->quorum) totals_.in_memory += bytes_of(heard.vector);
  }
  places.each_kept([&](Payload& payload) { totals_.in_memory += bytes_of(payload); });
  if (totals_.in_memory > limit_) store(waiting, places);
  totals_.most_in_memory = std::max(totals_.most_in_memory, totals_.in_memory);
  if (store_) totals_.most_stored = std::max(totals_.most_stored, store_->bytes());
}

void WaitingVectors::walk(Archive& archive) {
  archive.all(*this, unchanged(limit_), totals_, sent_vectors_, sent_bytes_, unchanged(store_));
}

}  // namespace byzsim
