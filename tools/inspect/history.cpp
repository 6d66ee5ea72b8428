#include "tools/inspect/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adversaries/plugins/plugin_library.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

constexpr std::size_t kRecordsKept = 100'000;  // some tens of megabytes
constexpr std::uint64_t kMostCopyBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMeasureEvery = 16;  // copies: measuring waits for what is computed

std::uint64_t limit_of_bytes(const CopyLimits& limits, const Workload& workload) {
  if (limits.bytes != 0) return limits.bytes;
  const std::uint64_t share = workload.memory() / 4;
  return share == 0 ? kMostCopyBytes : std::min(share, kMostCopyBytes);
}

std::uint64_t bytes_of(Simulation& simulation) {
  std::uint64_t bytes = 0;
  Archive archive(Archive::Sink([&](std::span<const char> more) { bytes += more.size(); }));
  simulation.walk(archive);
  archive.flush();
  return bytes;
}

// As record_of(), without the vectors' bits, for which one would have to wait.
EventRecord outline_of(const Occurrence& occurrence, bool one_role) {
  const Delivery* delivery = occurrence.delivery();
  const Message* message = occurrence.message();
  const Computed* computed = occurrence.computation();
  EventRecord record{};
  record.one_role = one_role;
  record.event = occurrence.number;
  record.time = occurrence.time;
  record.kind = occurrence.kind();
  record.node = occurrence.target;
  record.twin = occurrence.twin;
  record.cause = occurrence.cause;
  if (message) record.message = {message->sender, message->phase, message->step, message->round, 0};
  record.sent = delivery ? delivery->sent : 0;
  record.verdict = occurrence.verdict;
  if (computed) {
    record.computed = computed->phase;
    record.step = computed->step;
    record.begun = computed->begun;
  }
  return record;
}

}  // namespace

History::History(const Scenario& scenario, int threads, std::vector<DigestRow> stored,
                 CopyLimits limits)
    : replay_(scenario, threads), limits_(limits) {
  limits_.bytes = limit_of_bytes(limits, *replay_.workload);
  for (DigestRow& row : stored) stored_.emplace(row.event, row);
  // Vectors of messages stay with them, so that each can be shown.
  replay_.simulation.keep_scheduled();
  now_ = std::make_unique<Moment>(Moment{replay_.simulation});
  copies_.emplace(0, Copy{*now_, 0});
}

std::uint64_t History::bytes_of_copies() const {
  std::uint64_t bytes = 0;
  for (const auto& [event, copy] : copies_) bytes += copy.bytes;
  return bytes;
}

std::uint64_t History::cause_of(std::uint64_t event) const {
  BYZ_CHECK(event >= 1 && event <= to_cause_.size(), "the event has happened");
  return event - to_cause_[event - 1];
}

// What is known of events by their numbers, each from the first time that it happens.
void History::note(const Moment& moment) {
  const Occurrence& occurrence = moment.simulation.latest();
  const std::uint64_t event = occurrence.number;
  if (event == to_cause_.size() + 1) {
    to_cause_.push_back(static_cast<std::uint32_t>(event - occurrence.cause));
    const auto step = static_cast<std::size_t>(moment.simulation.step());
    if (step > step_events_.size()) step_events_.resize(step, event);
    const auto row = stored_.find(event);
    if (!departed_ && row != stored_.end() &&
        row->second.layers != values_of(moment.simulation.digest()))
      departed_ = event;
  }
  if (!window_.empty() && event >= window_.front().event && event <= window_.back().event) return;
  if (!window_.empty() && event != window_.back().event + 1) window_.clear();
  window_.push_back(outline_of(occurrence, scenario().one_role));
  if (window_.size() > kRecordsKept) window_.pop_front();
}

const Occurrence* History::step_on(Moment& moment) {
  const Occurrence* occurrence = moment.simulation.advance();
  if (!occurrence) return nullptr;
  moment.notes.see(*occurrence, moment.simulation);
  note(moment);
  ++moment.events_since;
  for (const Deed& deed : occurrence->deeds)
    moment.computations_since += std::holds_alternative<Begun>(deed);
  if (moment.events_since >= limits_.events || moment.computations_since >= limits_.computations)
    keep(moment);
  return occurrence;
}

void History::keep(Moment& moment) {
  moment.events_since = moment.computations_since = 0;
  const std::uint64_t event = moment.event();
  if (copies_.contains(event)) return;
  if (kept_++ % kMeasureEvery == 0) measured_ = bytes_of(moment.simulation);
  copies_.emplace(event, Copy{moment, measured_});
  thin(event);
}

void History::thin(std::uint64_t around) {
  while (copies_.size() > 2 &&
         (copies_.size() > limits_.copies || bytes_of_copies() > limits_.bytes)) {
    auto least = copies_.end();
    double least_cost = 0;
    // Neither the first, which cannot be had again, nor the last, which has no next one.
    for (auto copy = std::next(copies_.begin()); std::next(copy) != copies_.end(); ++copy) {
      const double gap = double(std::next(copy)->first) - double(std::prev(copy)->first);
      const double cost = gap / (std::abs(double(copy->first) - double(around)) + 1);
      if (least != copies_.end() && cost >= least_cost) continue;
      least = copy;
      least_cost = cost;
    }
    copies_.erase(least);
  }
}

// Whatever it throws, the present stays what it was, where a run can go back.
const Occurrence* History::advance() {
  const std::uint64_t before = now_->event();
  try {
    return step_on(*now_);
  } catch (...) {
    if (can_go_back())
      if (auto again = replayed(before, before, [] { return false; })) *now_ = std::move(*again);
    throw;
  }
}

bool History::can_go_back() const {
  return std::none_of(scenario().plugins.begin(), scenario().plugins.end(), keeps_state);
}

void History::refuse_to_go_back() const {
  if (can_go_back()) return;
  throw InputError({"/plugins", "a plugin keeps state of its own, so that the run cannot go back",
                    "go forward only, or begin again"});
}

// From the latest copy up to event `from_before`.
std::optional<Moment> History::replayed(std::uint64_t event, std::uint64_t from_before,
                                        const std::function<bool()>& stop) {
  refuse_to_go_back();
  Moment moment = std::prev(copies_.upper_bound(std::min(event, from_before)))->second.moment;
  while (moment.event() < event) {
    const Occurrence* occurrence = step_on(moment);
    BYZ_CHECK(occurrence != nullptr, "what has happened happens again");
    if (stop()) return std::nullopt;
  }
  return moment;
}

std::optional<Moment> History::moment_after(std::uint64_t event,
                                            const std::function<bool()>& stop) {
  return event == now_->event() ? *now_ : replayed(event, event, stop);
}

std::optional<EventRecord> History::record(std::uint64_t event, const std::function<bool()>& stop) {
  BYZ_CHECK(event >= 1 && event <= to_cause_.size(), "the event has happened");
  const auto known = [&] {
    return !window_.empty() && event >= window_.front().event && event <= window_.back().event;
  };
  // From before the event, so that it happens once more.
  if (!known() && !replayed(event, event - 1, stop)) return std::nullopt;
  BYZ_CHECK(known(), "an event that has just happened again is noted");
  return window_[event - window_.front().event];
}

Reached History::forward_to(std::uint64_t event, const std::function<bool()>& stop) {
  while (now_->event() < event) {
    if (!advance()) return Reached::run_ended;
    if (stop()) return Reached::interrupted;
  }
  return Reached::there;
}

Reached History::go_to_event(std::uint64_t event, const std::function<bool()>& stop) {
  if (event < now_->event()) {
    auto before = replayed(event, event, stop);
    if (!before) return Reached::interrupted;
    *now_ = std::move(*before);
    return Reached::there;
  }
  // Of what has happened before, perhaps nearer than the present.
  const auto nearest = std::prev(copies_.upper_bound(event));
  if (nearest->first > now_->event()) *now_ = nearest->second.moment;
  return forward_to(event, stop);
}

Reached History::go_to_step(std::int64_t step, const std::function<bool()>& stop) {
  if (step > scenario().steps)
    throw InputError({to_string(MomentName{NamedBy::step, step}),
                      fmt::format("must be in [0, {}], the steps of this run", scenario().steps),
                      "choose a step of the run"});
  if (step == 0) return go_to_event(0, stop);
  const auto index = static_cast<std::size_t>(step);
  if (index <= step_events_.size()) return go_to_event(step_events_[index - 1], stop);
  if (const Reached past = go_to_event(to_cause_.size(), stop); past != Reached::there) return past;
  while (step_events_.size() < index) {
    if (!advance()) return Reached::run_ended;
    if (stop()) return Reached::interrupted;
  }
  return Reached::there;
}

Reached History::go_to_time(SimTime time, const std::function<bool()>& stop) {
  const auto is_later = [&](const Moment& moment) { return moment.simulation.now() > time; };
  const auto has_more = [&](const Moment& moment) {
    return !moment.ended() && moment.simulation.future().next_time() <= time;
  };
  if (is_later(*now_)) {
    refuse_to_go_back();
    auto copy = std::prev(copies_.end());
    while (is_later(copy->second.moment)) --copy;
    Moment moment = copy->second.moment;
    while (has_more(moment)) {
      step_on(moment);
      if (stop()) return Reached::interrupted;
    }
    *now_ = std::move(moment);
    return Reached::there;
  }
  while (has_more(*now_)) {
    advance();
    if (stop()) return Reached::interrupted;
  }
  return now_->ended() && now_->simulation.now() < time ? Reached::run_ended : Reached::there;
}

Reached History::go(const MomentName& place, const std::function<bool()>& stop) {
  switch (place.by) {
    case NamedBy::step:
      return go_to_step(place.value, stop);
    case NamedBy::time:
      return go_to_time(place.value, stop);
    case NamedBy::event:
      return go_to_event(static_cast<std::uint64_t>(place.value), stop);
  }
  return Reached::there;
}

}  // namespace byzsim
