#include "tools/report/timeline.h"

#include <algorithm>
#include <tuple>

#include "adversaries/coalition.h"
#include "sim/scenario/node_name.h"

namespace byzsim {
namespace {

constexpr std::size_t kEventsBetweenCuts = 4096;

Use use_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::counted:
      return Use::used;
    case Verdict::buffered:
      return Use::kept;
    default:
      return Use::unused;
  }
}

template <class Kind>
Json names_of_all(std::size_t count) {
  Json names = Json::array();
  for (std::size_t i = 0; i < count; ++i) names.push_back(to_string(static_cast<Kind>(i)));
  return names;
}

Json uses_of_verdicts() {
  Json uses = Json::array();
  for (std::size_t i = 0; i < kVerdicts; ++i)
    uses.push_back(to_string(use_of(static_cast<Verdict>(i))));
  return uses;
}

// As many empty lists as a table has columns.
Json empty_columns(std::size_t count) { return Json(count, Json::array()); }

void add_row(Json& columns, std::initializer_list<Json> row) {
  auto column = columns.begin();
  for (const Json& value : row) (*column++).push_back(value);
}

Json differences_of(const std::vector<SimTime>& times) {
  Json differences = Json::array();
  SimTime before = 0;
  for (const SimTime time : times) differences.push_back(time - std::exchange(before, time));
  return differences;
}

}  // namespace

std::pair<int, std::size_t> piece_of(SimTime begun, SimTime ended,
                                     const std::vector<SimTime>& cuts) {
  const auto stretch_of = [&](SimTime time) {
    const auto after = std::upper_bound(cuts.begin(), cuts.end(), time);
    return static_cast<std::size_t>(after - cuts.begin());
  };
  std::size_t first = stretch_of(begun), last = stretch_of(ended);
  int level = 0;
  for (; first != last; ++level) {
    first /= 2;
    last /= 2;
  }
  return {level, first};
}

Timeline::Timeline(const Scenario& scenario, SimTime start, std::int64_t from, std::size_t capacity)
    : from_(from), last_step_(scenario.steps), capacity_(capacity), begin_(start), until_(start) {
  const auto adversary = make_adversary(scenario);
  for (const Role role : roles_of(scenario))
    for (std::int64_t i = 0; i < scenario.group_of(role).count; ++i) {
      const NodeId node{role, static_cast<std::uint32_t>(i)};
      const bool byzantine = scenario.is_byzantine(node);
      const std::string name = name_of_node(scenario, node);
      add_line(node, 0, name, byzantine);
      if (byzantine && adversary->twins(scenario, node))
        add_line(node, 1, name + ": its twin", byzantine);
    }
}

// A line for each state machine: twins are two.
void Timeline::add_line(NodeId node, int twin, const std::string& name, bool byzantine) {
  places_[{node, twin}] = nodes_.size();
  nodes_.push_back({{"name", name}, {"byzantine", byzantine}, {"twin", twin == 1}});
}

void Timeline::begin_with(const Occurrence& occurrence, std::int64_t step) {
  begun_ = true;
  first_step_ = step;
  // From the start, the time before the first event counts as well.
  if (from_ > 0) begin_ = occurrence.time;
}

// Nodes are in different steps at a time, and Byzantine ones name any.
void Timeline::note_step(std::int64_t step, SimTime now) {
  while (first_step_ + static_cast<std::int64_t>(steps_.size()) <= std::min(step, last_step_))
    steps_.push_back(now);
}

void Timeline::see(const Occurrence& occurrence) {
  const Delivery* delivery = occurrence.delivery();
  const Computed* computed = occurrence.computation();
  if (full_ || !(delivery || computed)) return;
  const std::int64_t step = delivery ? delivery->message->step : computed->step;
  if (!begun_) {
    if (step < from_) return;
    begin_with(occurrence, step);
  }
  // Full at the first arrival too many: computations up to it are still shown.
  full_ = delivery && arrivals_.size() == capacity_;
  if (full_) return;
  until_ = occurrence.time;
  note_step(step, until_);
  const std::size_t place = places_.at({occurrence.target, occurrence.twin});
  shown_.insert(occurrence.target.role);
  if (delivery) {
    const Message& message = *delivery->message;
    shown_.insert(message.sender.role);
    arrivals_.push_back({places_.at({message.sender, message.twin}), place, message.phase,
                         *occurrence.verdict, step, delivery->sent, until_, wire_bytes(message)});
  } else {
    computations_.push_back({place, computed->phase, step, computed->begun, until_});
  }
  const std::size_t events = arrivals_.size() + computations_.size();
  if (events % kEventsBetweenCuts == 0 && (cuts_.empty() || cuts_.back() < until_))
    cuts_.push_back(until_);
}

void Timeline::Piece::widen(SimTime from, SimTime to) {
  if (arrivals.empty() && computations.empty()) begun = from;
  begun = std::min(begun, from);
  ended = std::max(ended, to);
}

std::string Timeline::Piece::text() const {
  Json messages = empty_columns(8), computed = empty_columns(5);
  SimTime before = 0;
  for (const Arrival* each : arrivals)
    add_row(messages,
            {each->sender, each->receiver, each->phase, each->step, each->received - each->sent,
             each->received - std::exchange(before, each->received), each->verdict, each->bytes});
  before = 0;
  for (const Computation* each : computations)
    add_row(computed, {each->node, each->phase, each->step, each->ended - each->begun,
                       each->ended - std::exchange(before, each->ended)});
  return Json({{"messages", messages}, {"computations", computed}}).dump();
}

std::vector<Timeline::Piece> Timeline::pieces() const {
  std::map<std::pair<int, std::size_t>, Piece> by_place;
  for (const Arrival& each : arrivals_) {
    Piece& piece = by_place[piece_of(each.sent, each.received, cuts_)];
    piece.widen(each.sent, each.received);
    piece.arrivals.push_back(&each);
  }
  for (const Computation& each : computations_) {
    Piece& piece = by_place[piece_of(each.begun, each.ended, cuts_)];
    piece.widen(each.begun, each.ended);
    piece.computations.push_back(&each);
  }
  std::vector<Piece> pieces;
  for (auto& [place, piece] : by_place) pieces.push_back(std::move(piece));
  return pieces;
}

Json Timeline::overview() const {
  constexpr std::size_t kByzantine = 3;  // after the uses
  std::array<std::vector<std::uint64_t>, kByzantine + 1> bars;
  for (auto& each : bars) each.resize(kOverviewBars);
  const double bars_a_ns = kOverviewBars / (static_cast<double>(until_ - begin_) + 1);
  for (const Arrival& each : arrivals_) {
    const double bar = static_cast<double>(each.received - begin_) * bars_a_ns;
    const bool byzantine = nodes_[each.sender]["byzantine"];
    const std::size_t kind =
        byzantine ? kByzantine : static_cast<std::size_t>(use_of(each.verdict));
    ++bars[kind][std::min(static_cast<std::size_t>(bar), kOverviewBars - 1)];
  }
  Json json = {{"byzantine", bars[kByzantine]}};
  for (const Use use : {Use::used, Use::kept, Use::unused})
    json[to_string(use)] = bars[static_cast<std::size_t>(use)];
  return json;
}

Json Timeline::pairs() const {
  struct Count {
    std::uint64_t used = 0, all = 0;
  };
  std::map<std::tuple<Phase, std::size_t, std::size_t>, Count> counts;
  for (const Arrival& each : arrivals_) {
    Count& count = counts[{each.phase, each.sender, each.receiver}];
    ++count.all;
    if (use_of(each.verdict) != Use::unused) ++count.used;
  }
  Json columns = empty_columns(5);
  for (const auto& [pair, count] : counts) {
    const auto& [phase, sender, receiver] = pair;
    add_row(columns, {phase, sender, receiver, count.used, count.all});
  }
  return columns;
}

Json Timeline::to_json() const {
  Json nodes = nodes_;
  for (const auto& [machine, place] : places_)
    nodes[place]["shown"] = shown_.contains(machine.first.role);
  Json pieces_json = Json::array();
  for (const Piece& piece : pieces())
    pieces_json.push_back(Json::array({piece.begun, piece.ended, piece.arrivals.size()}));
  return {{"nodes", nodes},
          {"phases", names_of_all<Phase>(kPhases)},
          {"verdicts", names_of_all<Verdict>(kVerdicts)},
          {"uses", uses_of_verdicts()},
          {"messages", arrivals_.size()},
          {"overview", overview()},
          {"pieces", pieces_json},
          {"from", from_},
          {"begin", begin_},
          {"until", until_},
          {"whole", from_ == 0 && !full_}};
}

std::vector<std::string> Timeline::blocks() const {
  std::vector<std::string> texts = {
      Json({{"first", first_step_}, {"steps", differences_of(steps_)}, {"pairs", pairs()}}).dump()};
  for (const Piece& piece : pieces()) texts.push_back(piece.text());
  return texts;
}

}  // namespace byzsim
