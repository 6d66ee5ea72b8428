#include "tools/bisect/event_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/input/issue.h"
#include "sim/scenario/node_name.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

Json to_json(const MessageRecord& message, bool one_role) {
  return {{"from", name_of_node(one_role, message.sender)},
          {"phase", to_string(message.phase)},
          {"step", message.step},
          {"round", message.round},
          // As text: many readers of JSON keep fewer than 64 bits of a number.
          {"bits", to_hex(message.bits)}};
}

Json to_json(const ScheduledRecord& record) {
  Json json = {{"time_ns", record.time},
               {"kind", to_string(record.kind)},
               {"node", name_of_node(record.one_role, record.node)}};
  if (record.message) json["message"] = to_json(*record.message, record.one_role);
  if (record.number != 0) json["number"] = record.number;
  if (record.computes) json["computes"] = to_string(*record.computes);
  if (record.step != 0) json["step"] = record.step;
  return json;
}

// The value whose name stands at a key: one of so many that to_string knows.
template <class Value>
Value named(const Json& json, const char* key, std::size_t count) {
  const auto& name = json.at(key).get_ref<const std::string&>();
  for (std::size_t i = 0; i < count; ++i)
    if (const auto value = static_cast<Value>(i); name == to_string(value)) return value;
  // Caught by read_event, which adds the file and the line.
  throw std::out_of_range(fmt::format("\"{}\": unknown name \"{}\"", key, name));
}

template <class Value>
std::optional<Value> named_or_none(const Json& json, const char* key, std::size_t count) {
  if (!json.contains(key)) return std::nullopt;
  return named<Value>(json, key, count);
}

NodeId node_at(const Json& json, const char* key) {
  const auto& name = json.at(key).get_ref<const std::string&>();
  const auto set = parse_node_set(name);
  if (!set || !set->role || set->first != set->last)
    throw std::out_of_range(fmt::format("\"{}\": \"{}\" is not a node", key, name));
  return {*set->role, static_cast<std::uint32_t>(set->first)};
}

// After node_at has read it.
bool names_node_of_graph(const Json& json) {
  return json.at("node").get_ref<const std::string&>().starts_with("node");
}

std::uint64_t hex_at(const Json& json, const char* key) {
  const auto& text = json.at(key).get_ref<const std::string&>();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::out_of_range(fmt::format("\"{}\": \"{}\" is not a digest", key, text));
  return value;
}

std::optional<MessageRecord> message_in(const Json& json) {
  if (!json.contains("message")) return std::nullopt;
  const Json& message = json["message"];
  return MessageRecord{node_at(message, "from"), named<Phase>(message, "phase", kPhases),
                       message.at("step"), message.at("round"), hex_at(message, "bits")};
}

ScheduledRecord read_scheduled(const Json& json) {
  return {json.at("time_ns"),
          named<EventKind>(json, "kind", kEventKinds),
          node_at(json, "node"),
          message_in(json),
          json.value("number", std::int64_t{0}),
          named_or_none<Phase>(json, "computes", kPhases),
          json.value("step", std::int64_t{0}),
          names_node_of_graph(json)};
}

EventRecord read_record(const Json& json) {
  EventRecord record{json.at("event"),
                     json.at("time_ns"),
                     named<EventKind>(json, "kind", kEventKinds),
                     node_at(json, "node"),
                     json.value("twin", 0),
                     json.at("cause"),
                     message_in(json),
                     json.value("sent_ns", SimTime{0}),
                     named_or_none<Verdict>(json, "verdict", kVerdicts),
                     named_or_none<Phase>(json, "computed", kPhases),
                     json.value("step", std::int64_t{0}),
                     json.value("begun_ns", SimTime{0}),
                     {},
                     {},
                     names_node_of_graph(json)};
  if (json.contains("scheduled"))
    for (const Json& each : json["scheduled"]) record.scheduled.push_back(read_scheduled(each));
  for (std::size_t i = 0; i < kEventLayers.size(); ++i)
    record.layers[i] = hex_at(json.at("digest"), kEventLayers[i]);
  return record;
}

EventRecord read_event(const Json& json, const std::string& place) {
  try {
    return read_record(json);
  } catch (const std::exception& error) {
    throw InputError({place, std::string("is not an event of byzsim: ") + error.what(),
                      "write the file again with byzsim events"});
  }
}

}  // namespace

Json to_json(const EventRecord& record) {
  Json json = {{"event", record.event},
               {"time_ns", record.time},
               {"kind", to_string(record.kind)},
               {"node", name_of_node(record.one_role, record.node)}};
  // What is empty is left out, so that lines stay short.
  if (record.twin != 0) json["twin"] = record.twin;
  json["cause"] = record.cause;
  if (record.message) {
    json["message"] = to_json(*record.message, record.one_role);
    json["sent_ns"] = record.sent;
  }
  if (record.verdict) json["verdict"] = to_string(*record.verdict);
  if (record.computed) {
    json["computed"] = to_string(*record.computed);
    json["step"] = record.step;
    json["begun_ns"] = record.begun;
  }
  if (!record.scheduled.empty()) {
    json["scheduled"] = Json::array();
    for (const ScheduledRecord& each : record.scheduled) json["scheduled"].push_back(to_json(each));
  }
  for (std::size_t i = 0; i < kEventLayers.size(); ++i)
    json["digest"][kEventLayers[i]] = to_hex(record.layers[i]);
  return json;
}

std::vector<EventRecord> read_events(std::string_view text, const std::string& source) {
  std::vector<EventRecord> events;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::string_view first = text.substr(0, text.find('\n'));
    // The last line may lack its line feed.
    text.remove_prefix(std::min(text.size(), first.size() + 1));
    const std::string place = fmt::format("{}, line {}", source, line);
    events.push_back(read_event(parse_json(first, place), place));
    if (events.size() < 2) continue;
    const std::uint64_t before = events[events.size() - 2].event, after = events.back().event;
    // Events are looked up by their distance from the first: a gap would name others.
    if (before + 1 != after)
      throw InputError({place, fmt::format("events out of order: {} after {}", after, before),
                        "write the file again with byzsim events"});
  }
  return events;
}

}  // namespace byzsim
