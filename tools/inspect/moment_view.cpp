#include "tools/inspect/moment_view.h"

#include <fmt/format.h>

#include "adversaries/known_strategies.h"
#include "core/exact/digest.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"
#include "sim/scenario/scenario_json.h"
#include "tools/bisect/event_lines.h"
#include "tools/inspect/message_view.h"
#include "tools/inspect/model_view.h"
#include "tools/inspect/node_view.h"

namespace byzsim {
namespace {

constexpr std::size_t kCausesInJson = 12;

std::string digests_text(const RunDigest& digest) {
  std::string layers;
  for (const auto& [name, layer] : digest.layers())
    layers += fmt::format("{}{} {}", layers.empty() ? "" : ", ", name, layer->hex());
  return fmt::format("  digest {}: {}\n", digest.run_hex(), layers);
}

Json digests_json(const RunDigest& digest) {
  Json json = {{"run", digest.run_hex()}};
  for (const auto& [name, layer] : digest.layers()) json[name] = layer->hex();
  return json;
}

std::string cause_line(const EventRecord& record) {
  return fmt::format("event {} at {}: {}\n", record.event, format_duration(record.time),
                     sentence(record));
}

// What the event has put into the future, without what is long.
Json last_event_json(const Moment& moment) {
  const Occurrence& last = moment.simulation.latest();
  if (last.number == 0) return nullptr;
  const EventRecord record = record_of(last, moment.simulation);
  Json json = to_json(record);
  json.erase("digest");  // beside it
  json["text"] = sentence(record);
  if (const Message* message = last.message()) json.update(vector_json(*message, record.one_role));
  return json;
}

}  // namespace

std::string where_text(const Moment& moment) {
  const Simulation& simulation = moment.simulation;
  const std::int64_t steps = simulation.workload().scenario().steps;
  std::string text = fmt::format("event {}, {}, step {} of {}{}\n", moment.event(),
                                 format_duration(simulation.now()), simulation.step(), steps,
                                 moment.ended() ? ", the end of the run" : "");
  const Occurrence& last = simulation.latest();
  if (last.number == 0) return text + "  before the first event\n";
  const EventRecord record = record_of(last, simulation);
  text += fmt::format(
      "  {}, because of {}\n", sentence(record),
      record.cause == 0 ? "the start of the run" : fmt::format("event {}", record.cause));
  return text + digests_text(simulation.digest());
}

std::vector<std::uint64_t> causes_of(const History& history, std::uint64_t event) {
  std::vector<std::uint64_t> chain;
  for (; event != 0; event = history.cause_of(event)) chain.push_back(event);
  return chain;
}

std::optional<std::string> why_text(History& history, std::uint64_t event, std::size_t most,
                                    const std::function<bool()>& stop) {
  const std::vector<std::uint64_t> chain = causes_of(history, event);
  std::string text;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const bool shown = i < most || i + 1 == chain.size();
    if (shown) {
      const std::optional<EventRecord> record = history.record(chain[i], stop);
      if (!record) return std::nullopt;
      text += (i == 0 ? "" : "because of ") + cause_line(*record);
    } else if (i == most) {
      text += fmt::format("... {} more causes\n", chain.size() - 1 - most);
    }
  }
  return text + "because of the start of the run\n";
}

Json metrics_json(const Moment& moment) {
  // Rows are evaluated beside the run: a copy waits for them.
  Simulation copy = moment.simulation;
  copy.finish();
  if (copy.metrics().empty()) return nullptr;
  Json json = Json::object();
  for (const std::string& name : metric_names()) {
    const std::optional<double> value = metric_of(copy.metrics().back(), name);
    json[name] = value ? finite_json(*value) : Json();
  }
  return json;
}

std::string metrics_text(const Moment& moment) {
  const Json row = metrics_json(moment);
  if (row.is_null()) return "no row of metrics is complete yet\n";
  std::string text;
  for (const auto& [name, value] : row.items())
    text += fmt::format("{:26}{}\n", name,
                        value.is_null() ? "undefined" : fmt::format("{}", value.get<double>()));
  return text;
}

std::optional<Json> moment_json(History& history, const std::function<bool()>& stop) {
  const Moment& moment = history.now();
  const Simulation& simulation = moment.simulation;
  const Scenario& scenario = history.scenario();
  Json json = {{"name", scenario.name},          {"id", scenario_id(scenario, scenario_tables())},
               {"event", moment.event()},        {"time_ns", simulation.now()},
               {"step", simulation.step()},      {"steps", scenario.steps},
               {"ended", moment.ended()},        {"digest", digests_json(simulation.digest())},
               {"last", last_event_json(moment)}};
  json["why"] = Json::array();
  const std::vector<std::uint64_t> chain = causes_of(history, moment.event());
  for (std::size_t i = 1; i < chain.size() && i <= kCausesInJson; ++i) {
    const std::optional<EventRecord> record = history.record(chain[i], stop);
    if (!record) return std::nullopt;
    json["why"].push_back({{"event", record->event},
                           {"time_ns", record->time},
                           {"node", name_of_node(record->one_role, record->node)},
                           {"text", sentence(*record)}});
  }
  json["causes"] = chain.empty() ? 0 : chain.size() - 1;
  const std::vector<ModelView> models = models_of(moment);
  const auto add_all = [&](const char* key, const auto& views) {
    json[key] = Json::array();
    for (const auto& view : views) json[key].push_back(to_json(view));
  };
  add_all("nodes", node_views(moment, {}));
  add_all("messages", messages_under_way(moment, {}, {}));
  add_all("models", models);
  json["distances"] = distances_json(models);
  json["metrics"] = metrics_json(moment);
  return json;
}

}  // namespace byzsim
