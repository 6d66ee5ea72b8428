#include "tools/bisect/bisection.h"

#include <algorithm>

#include "tools/line/interrupt.h"

namespace byzsim {
namespace {

// Enough for a message, its computation and what led to both; further back is the run's history.
constexpr std::size_t kCauses = 8;
constexpr std::uint64_t kStepsBefore = 3;  // in which a vector that is used may have been said

std::vector<std::string> moved_between(const LayerValues& a, const LayerValues& b) {
  std::vector<std::string> moved;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) moved.emplace_back(kEventLayers[i]);
  return moved;
}

const DigestRow* row_at(const std::vector<DigestRow>& rows, std::uint64_t event) {
  const auto found = std::lower_bound(
      rows.begin(), rows.end(), event,
      [](const DigestRow& row, std::uint64_t sought) { return row.event < sought; });
  return found == rows.end() || found->event != event ? nullptr : &*found;
}

// Both sides heard one message in other bits: whoever sent it said them, before its events were
// written down.
bool only_heard_otherwise(const EventRecord& a, const EventRecord& b) {
  if (!a.message || !b.message || a.message->bits == b.message->bits) return false;
  EventRecord alike = b;
  alike.message->bits = a.message->bits;
  alike.scheduled = a.scheduled;
  alike.layers = a.layers;
  alike.verdict = a.verdict;
  return alike == a;
}

bool is_transport(EventKind kind) {
  return kind == EventKind::departure || kind == EventKind::card || kind == EventKind::arrival;
}

// The event among the causes of a delivery in which its message was said.
std::uint64_t said_in(const EventRecord& delivery, const std::vector<EventRecord>& causes) {
  for (const EventRecord& cause : causes)
    if (!is_transport(cause.kind)) return cause.event;
  return delivery.event;
}

// The replays differ in the event after those compared.
void name_event(Bisection& found, const RunSide& a, const RunSide& b) {
  found.different = found.seen_in = found.equal + 1;
  if (found.a) found.causes_a = a.causes_of(*found.a, kCauses);
  if (found.b) found.causes_b = b.causes_of(*found.b, kCauses);
  if (found.a && found.b) {
    found.moved = moved_between(found.a->layers, found.b->layers);
    // The bits are already wrong when the message arrives: the cause lies where it was sent.
    if (only_heard_otherwise(*found.a, *found.b)) {
      found.different = said_in(*found.a, found.causes_a);
      found.equal = found.different - 1;
    }
  }
}

// The layers of a run after an event: as stored, or of the event that its side has just run.
std::optional<LayerValues> layers_after(std::uint64_t event, const RunSide& side,
                                        const std::optional<EventRecord>& latest) {
  if (const DigestRow* row = row_at(side.rows(), event)) return row->layers;
  if (latest && latest->event == event) return latest->layers;
  return std::nullopt;
}

// A side that has departed says nothing of its event any more.
void keep_if_known(std::optional<EventRecord>& record, const RunSide& side,
                   const Bisection& found) {
  if (record && (side.departed() || record->event != found.different || !found.exact()))
    record.reset();
}

// Vectors enter digests when a quorum uses them; they were said in the steps before.
std::uint64_t first_to_write_down(const Bisection& found, const RunSide& side) {
  const bool said_before = std::any_of(
      found.moved.begin(), found.moved.end(),
      [](const std::string& layer) { return layer == "messages" || layer == "models"; });
  const auto steps = static_cast<std::uint64_t>(side.simulation().workload().scenario().steps);
  // By the average number of events of a step.
  const std::uint64_t before = said_before ? kStepsBefore * side.rows().back().event / steps : 0;
  return found.equal + 1 > before ? found.equal + 1 - before : 1;
}

// What is left where a replay is not the stored run: the stored digests.
void name_interval(Bisection& found, const RunSide& a, const RunSide& b) {
  const bool replays_agree = found.a == found.b;
  const std::uint64_t latest = found.equal + 1;
  const StoredDifference stored = stored_difference(a.rows(), b.rows());
  // Whatever reaches further: stored rows, or the replays as far as stored digests confirm both.
  found.equal = std::max(stored.equal, std::min({found.equal, a.confirmed(), b.confirmed()}));
  found.different =
      stored.different.value_or(std::max(a.departed().value_or(0), b.departed().value_or(0)));
  // One of two replays that agree is its run, and the other is not.
  if (replays_agree && (a.departed() == latest) != (b.departed() == latest))
    found.different = std::min(found.different, latest);
  found.seen_in = found.different;
  found.departed_a = a.departed();
  found.departed_b = b.departed();
  const auto layers_a = layers_after(found.different, a, found.a);
  const auto layers_b = layers_after(found.different, b, found.b);
  if (layers_a && layers_b) found.moved = moved_between(*layers_a, *layers_b);
  found.write_from = first_to_write_down(found, a);
  keep_if_known(found.a, a, found);
  keep_if_known(found.b, b, found);
}

bool ended_by_interruption(const std::optional<EventRecord>& record, const RunSide& side) {
  return !record && side.interrupted();
}

}  // namespace

StoredDifference stored_difference(const std::vector<DigestRow>& a,
                                   const std::vector<DigestRow>& b) {
  StoredDifference found;
  for (const DigestRow& row : a) {
    // Rows of runs of different length are spaced differently: only common events compare.
    const DigestRow* other = row_at(b, row.event);
    if (!other) continue;
    if (other->layers != row.layers) {
      found.different = row.event;
      return found;
    }
    found.equal = row.event;
  }
  if (!a.empty() && !b.empty() && a.back().event != b.back().event)
    // Equal as far as both go, but one goes on.
    found.different = std::min(a.back().event, b.back().event) + 1;
  return found;
}

std::optional<Bisection> bisect_runs(RunSide& a, RunSide& b, Progress& progress) {
  Bisection found;
  bool departed = false;
  // Before a branch begins there is nothing of it to run: its stored digests there are its trunk's.
  const std::uint64_t begin = std::max(a.event(), b.event());
  const auto stored = stored_difference(a.rows(), b.rows()).different;
  if (begin > 0 && stored && *stored <= begin) {
    name_interval(found, a, b);
    return found;
  }
  for (RunSide* side : {&a, &b})
    while (side->event() < begin && !interrupted() && side->next()) {
    }
  found.equal = begin;
  while (true) {
    if (interrupted()) return std::nullopt;
    found.a = a.next();
    found.b = b.next();
    departed = a.departed() || b.departed();
    // A replay that has departed is another run: its events say nothing of the stored one.
    if (departed || found.a != found.b || !found.a) break;
    ++found.equal;
    if (found.a->computed) progress.show(double(a.simulation().step()));
  }
  if (!departed) {
    if (found.a == found.b || ended_by_interruption(found.a, a) ||
        ended_by_interruption(found.b, b))
      return found;
    const std::uint64_t event = found.equal + 1;
    // The event counts only where a later stored digest still agrees with both replays.
    const bool confirmed_a = a.confirm(event), confirmed_b = b.confirm(event);
    if (confirmed_a && confirmed_b) {
      name_event(found, a, b);
      return found;
    }
  }
  name_interval(found, a, b);
  if (found.a) found.causes_a = a.causes_of(*found.a, kCauses);
  if (found.b) found.causes_b = b.causes_of(*found.b, kCauses);
  return found;
}

}  // namespace byzsim
