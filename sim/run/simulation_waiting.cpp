// The Simulation's part about vectors that wait: what no quorum can use any more is dropped, and
// what nodes that lag will still need goes to disk above a limit. Neither changes what happens.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/input/issue.h"
#include "core/machine/memory.h"
#include "sim/run/simulation.h"

namespace byzsim {
namespace {

// Looking through the future costs as much as it holds: not before this number more were sent.
constexpr std::uint64_t kLeastSent = 1024;
constexpr std::uint64_t kEventsBetweenLooks = 1 << 16;
constexpr double kMostOfMemory = 0.95;
constexpr double kBytesOfGiB = 1024.0 * 1024 * 1024;

bool carries_values(const Message& message) {
  return message.vector.has_values() ||
         std::any_of(message.quorum.begin(), message.quorum.end(),
                     [](const Heard& heard) { return heard.vector.has_values(); });
}

// What is left of a message that nobody can use: all but its values.
Message without_values(Message message) {
  if (message.vector) message.vector = Payload::blank(message.vector.dimension());
  for (Heard& heard : message.quorum)
    if (heard.vector) heard.vector = Payload::blank(heard.vector.dimension());
  return message;
}

std::uint64_t bytes_of(const Payload& payload) {
  return payload.has_values() && !payload.is_stored() ? sizeof(float) * payload.dimension() : 0;
}

}  // namespace

// Messages in flight whose receivers can use them, the latest first.
struct Simulation::Waiting {
  SimTime time;
  std::uint64_t sequence;
  Content* content;

  auto quorum() const {
    const Message& message = *content->message;
    return std::tuple(content->target, message.phase, message.step, message.round);
  }
};

// 0 for what a node will never use, now or when it arrives.
std::size_t Simulation::room_for(const Content& content, SimTime arrival) const {
  const NodeId id = content.target;
  const auto is_gone_by_then = [&](const Fault& fault) {
    return fault.acts_at && fault.acts_at(id, arrival) == kNever;
  };
  if (std::any_of(faults_->begin(), faults_->end(), is_gone_by_then)) return 0;
  const NodeHolder& holder = (id.role == Role::server ? servers_ : workers_)[id.index];
  std::size_t room = holder->room_for(*content.message);
  if (const auto twin = twins_.find(id); twin != twins_.end())
    room = std::max(room, twin->second->room_for(*content.message));
  return room;
}

// Those that arrive after enough others to fill their quorum.
void Simulation::drop_beyond_quorums(std::vector<Waiting>& waiting) {
  const bool in_order = !network_.has_price() && twins_.empty() &&
                        std::none_of(faults_->begin(), faults_->end(),
                                     [](const Fault& fault) { return bool(fault.acts_at); });
  if (!in_order) return;
  std::sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) {
    return std::tuple(a.quorum(), a.time) < std::tuple(b.quorum(), b.time);
  });
  std::vector<Waiting> kept;
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
        Waiting& each = waiting[same];
        senders.insert(each.content->message->sender);
        if (before < room_for(*each.content, each.time))
          kept.push_back(each);
        else
          drop(*each.content);
      }
      end = same;
    }
    first = end;
  }
  waiting = std::move(kept);
}

void Simulation::drop(Content& content) {
  content.message = std::make_shared<const Message>(without_values(*content.message));
  ++waiting_.dropped;
}

std::uint64_t Simulation::bytes_in_flight(const std::vector<Waiting>& waiting) const {
  std::set<const Message*> counted;
  std::uint64_t bytes = 0;
  for (const Waiting& each : waiting) {
    const Message& message = *each.content->message;
    if (!counted.insert(&message).second) continue;
    bytes += bytes_of(message.vector);
    for (const Heard& heard : message.quorum) bytes += bytes_of(heard.vector);
  }
  return bytes;
}

// What nodes, rows and the adversary keep for those that lag.
void Simulation::each_kept(const PayloadVisit& visit) {
  for (std::vector<NodeHolder>* nodes : {&servers_, &workers_})
    for (NodeHolder& node : *nodes) node->each_waiting(visit);
  for (auto& [id, twin] : twins_) twin->each_waiting(visit);
  metrics_.each_waiting(visit);
  transcript_.each_before(furthest_ - 1, visit);
}

// The latest first, until what is left in memory is half of the limit.
void Simulation::store(std::vector<Waiting>& waiting) {
  if (!store_) store_ = VectorStore::in(folder_of_stores());
  std::map<const float*, Payload> stored;
  const auto put = [&](Payload& payload) {
    const std::uint64_t bytes = bytes_of(payload);
    if (bytes == 0) return;
    const float* values = payload.values().data();
    const auto [place, fresh] = stored.try_emplace(values);
    if (fresh) place->second = store_->put(payload);
    payload = place->second;
    waiting_.in_memory -= std::min(waiting_.in_memory, bytes);
  };
  std::sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) {
    return std::tuple(a.time, a.sequence) > std::tuple(b.time, b.sequence);
  });
  std::map<const Message*, std::shared_ptr<const Message>> written;
  std::vector<std::shared_ptr<const Message>> originals;  // so that no address comes again
  for (const Waiting& each : waiting) {
    if (waiting_.in_memory <= waiting_.limit / 2) break;
    std::shared_ptr<const Message>& message = each.content->message;
    std::shared_ptr<const Message>& changed = written[message.get()];
    if (!changed) {
      Message copy = *message;
      put(copy.vector);
      for (Heard& heard : copy.quorum) put(heard.vector);
      changed = std::make_shared<const Message>(std::move(copy));
      originals.push_back(message);
    }
    message = changed;
  }
  each_kept([&](Payload& payload) {
    if (waiting_.in_memory > waiting_.limit / 2) put(payload);
  });
}

// Once as many vectors were sent as were waiting, so that each is looked at a few times only. Who
// asks what each event schedules sees all messages as they are.
void Simulation::look_through_waiting() {
  if (totals_.events % kEventsBetweenLooks == 0) refuse_above_memory();
  const bool many = sent_vectors_ >= std::max(kLeastSent, waiting_.messages / 2);
  if ((!many && sent_bytes_ < waiting_.limit / 4) || scheduled_) return;
  sent_vectors_ = sent_bytes_ = 0;
  std::vector<Waiting> waiting;
  queue_.for_each([&](const EventKey& key, Content& content) {
    if (!content.message || !carries_values(*content.message)) return;
    if (room_for(content, key.time) == 0)
      drop(content);
    else
      waiting.push_back({key.time, key.sequence, &content});
  });
  drop_beyond_quorums(waiting);
  waiting_.messages = waiting.size();
  waiting_.in_memory = bytes_in_flight(waiting);
  each_kept([&](Payload& payload) { waiting_.in_memory += bytes_of(payload); });
  if (waiting_.in_memory > waiting_.limit) store(waiting);
  waiting_.most_in_memory = std::max(waiting_.most_in_memory, waiting_.in_memory);
  if (store_) waiting_.most_stored = std::max(waiting_.most_stored, store_->bytes());
  refuse_above_memory();
}

void Simulation::refuse_above_memory() const {
  const auto most = double(workload_->memory());
  const auto held = double(resident_memory_bytes());
  if (most == 0 || held < kMostOfMemory * most) return;
  throw InputError({"",
                    fmt::format("the run holds {:.1f} GiB at step {}, and {:.1f} GiB are the most "
                                "that it may",
                                held / kBytesOfGiB, step(), most / kBytesOfGiB),
                    "use fewer nodes, a smaller model or shorter faults, or give it more memory"});
}

}  // namespace byzsim
