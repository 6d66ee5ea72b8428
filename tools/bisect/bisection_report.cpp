#include "tools/bisect/bisection_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/input/units.h"
#include "tools/bisect/event_lines.h"
#include "tools/line/output.h"

namespace byzsim {

std::string RunPair::name_of_other() const {
  return other ? other->directory.string() : "its replay here";
}

namespace {

// A difference at the start can be in every value; the first few show its kind.
constexpr std::size_t kShown = 5;  // of long lists

struct ScenarioDifference {
  std::string pointer;
  Json a, b;  // null where there is no such value
};

Json value_at(const Json& json, const std::string& pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) ? json.at(place) : Json();
}

std::vector<ScenarioDifference> scenario_differences(const RunPair& pair) {
  std::vector<ScenarioDifference> differences;
  if (!pair.other) return differences;
  const Json &a = pair.run.json["scenario"], &b = pair.other->json["scenario"];
  // Pointers of a JSON patch; the values are looked up in both, since "remove" carries none.
  for (const Json& change : Json::diff(a, b)) {
    const std::string pointer = change["path"];
    differences.push_back({pointer, value_at(a, pointer), value_at(b, pointer)});
  }
  return differences;
}

Json json_of(const std::optional<EventRecord>& record) {
  return record ? to_json(*record) : Json();
}

Json json_of(const std::vector<EventRecord>& records) {
  Json json = Json::array();
  for (const EventRecord& record : records) json.push_back(to_json(record));
  return json;
}

}  // namespace

Json to_json(const Bisection& found, const RunPair& pair) {
  Json json = {{"same", found.different == 0}, {"equal_up_to_event", found.equal}};
  if (found.different != 0) {
    json["different_event"] = found.different;
    json["exact"] = found.exact();
    json["seen_in_event"] = found.seen_in;
    json["write_down_from_event"] = found.write_from == 0 ? Json() : Json(found.write_from);
    json["moved"] = found.moved;
    json["events"] = {{"a", json_of(found.a)}, {"b", json_of(found.b)}};
    json["causes"] = {{"a", json_of(found.causes_a)}, {"b", json_of(found.causes_b)}};
    json["not_reproduced_after_event"] = {
        {"a", found.departed_a ? Json(*found.departed_a) : Json()},
        {"b", found.departed_b ? Json(*found.departed_b) : Json()}};
  }
  json["scenarios"] = Json::array();
  for (const ScenarioDifference& each : scenario_differences(pair))
    json["scenarios"].push_back({{"pointer", each.pointer}, {"a", each.a}, {"b", each.b}});
  return json;
}

void print_scenarios(const RunPair& pair) {
  const std::vector<ScenarioDifference> differences = scenario_differences(pair);
  if (differences.empty()) return;
  print_text("scenarios (A | B)\n");
  for (std::size_t i = 0; i < std::min(differences.size(), kShown); ++i)
    print_text("  {}: {} | {}\n", differences[i].pointer, brief(differences[i].a),
               brief(differences[i].b));
  if (differences.size() > kShown) print_text("  and {} more\n", differences.size() - kShown);
}

namespace {

std::string told(const std::optional<EventRecord>& record, bool departed) {
  if (record) return fmt::format("at {}, {}", format_duration(record->time), sentence(*record));
  return departed ? "unknown: the replay differs" : "the run is over";
}

void print_causes(const char* whose, const std::vector<EventRecord>& causes) {
  if (causes.empty()) return;
  print_text("because{}\n", whose);
  for (const EventRecord& cause : causes)
    print_text("  event {}, at {}: {}\n", cause.event, format_duration(cause.time),
               sentence(cause));
}

void print_all_causes(const Bisection& found) {
  // One list where both runs have one past.
  if (found.causes_a == found.causes_b || found.causes_b.empty())
    return print_causes("", found.causes_a);
  print_causes(" (A)", found.causes_a);
  print_causes(" (B)", found.causes_b);
}

// With the bits of its message where they are others than in the other run.
std::string scheduled_at(const EventRecord& record, const EventRecord& other, std::size_t i) {
  if (i >= record.scheduled.size()) return "nothing";
  const ScheduledRecord& scheduled = record.scheduled[i];
  const bool other_bits = scheduled.message && i < other.scheduled.size() &&
                          scheduled.message != other.scheduled[i].message;
  return sentence(scheduled) +
         (other_bits ? fmt::format(" (bits {})", to_hex(scheduled.message->bits)) : "");
}

// What the event has led to on one side and not on the other.
void print_consequences(const EventRecord& a, const EventRecord& b) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < std::max(a.scheduled.size(), b.scheduled.size()); ++i) {
    if (i < a.scheduled.size() && i < b.scheduled.size() && a.scheduled[i] == b.scheduled[i])
      continue;
    // Counted all the same, for the number of those that are not shown.
    if (++different > kShown) continue;
    if (different == 1) print_text("which leads to\n");
    print_text("  A  {}\n  B  {}\n", scheduled_at(a, b, i), scheduled_at(b, a, i));
  }
  if (different > kShown) print_text("  and {} more that differ\n", different - kShown);
}

void print_moved(const Bisection& found) {
  if (!found.moved.empty())
    print_text("layers that have moved: {}\n", fmt::join(found.moved, ", "));
  else if (found.a && found.b)
    print_text("no layer of the digest has moved yet\n");
}

void print_event(const Bisection& found) {
  print_text("the runs are the same up to event {} and differ in event {}\n", found.equal,
             found.different);
  if (found.seen_in != found.different)
    print_text("  in which a message was sent that event {} delivers with different bits\n",
               found.seen_in);
  const std::string a = told(found.a, found.departed_a.has_value());
  const std::string b = told(found.b, found.departed_b.has_value());
  if (a == b)
    print_text("  A and B  {}\n", a);
  else
    print_text("  A  {}\n  B  {}\n", a, b);
  if (found.a && found.b && found.a->message && found.b->message &&
      found.a->message->bits != found.b->message->bits)
    print_text("  its bits: {} | {}\n", to_hex(found.a->message->bits),
               to_hex(found.b->message->bits));
  print_moved(found);
  if (found.a && found.b) print_consequences(*found.a, *found.b);
  print_all_causes(found);
}

void print_interval(const Bisection& found) {
  print_text("the runs are the same up to event {} and differ at the latest in event {}\n",
             found.equal, found.different);
  print_moved(found);
}

// What it takes to know more of a run that no replay here can have.
void print_departure(const std::string& directory, const Bisection& found,
                     const std::optional<std::uint64_t>& departed) {
  if (!departed) return;
  print_text("{} was not made by this program: its replay has other digests after event {}\n",
             directory, *departed);
  const bool said_before = found.write_from <= found.equal;
  // The event is known: the other program could tell no more.
  if (found.exact() && !said_before) return;
  if (said_before)
    print_text("  vectors enter digests when a quorum uses them: one may have been sent earlier\n");
  print_text(
      "  the program that made the run can write its events; then bisect again:\n"
      "  byzsim events {} --from {} --to {} > {}/events.jsonl\n",
      directory, found.write_from, found.different, directory);
}

}  // namespace

void print_difference(const Bisection& found, const RunPair& pair) {
  print_text("A  {}\nB  {}\n", pair.run.directory.string(), pair.name_of_other());
  print_scenarios(pair);
  found.exact() ? print_event(found) : print_interval(found);
  print_departure(pair.run.directory.string(), found, found.departed_a);
  if (pair.other) print_departure(pair.name_of_other(), found, found.departed_b);
}

}  // namespace byzsim
