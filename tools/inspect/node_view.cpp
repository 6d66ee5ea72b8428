#include "tools/inspect/node_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/exact/digest.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"

namespace byzsim {
namespace {

using Computations = std::map<std::pair<NodeId, int>, std::pair<SimTime, Computed>>;

// What is being computed, and when it ends.
Computations computations_of(const Simulation& simulation) {
  Computations all;
  simulation.future().for_each([&](const EventKey& key, const Planned& planned) {
    if (const auto* computed = std::get_if<Computed>(&planned.event))
      all.insert_or_assign({planned.target, computed->twin}, std::pair(key.time, *computed));
  });
  return all;
}

NodeView machine_view(const Moment& moment, const Machine& machine,
                      const Computations& computations) {
  const Simulation& simulation = moment.simulation;
  const Scenario& scenario = simulation.workload().scenario();
  NodeView view;
  view.id = machine.id;
  view.twin = machine.twin;
  view.is_twin = simulation.are_twins(machine.id);
  view.one_role = scenario.one_role;
  view.byzantine = scenario.is_byzantine(machine.id);
  view.step = simulation.step_of(machine.id);
  view.notes = moment.notes.of(machine.id, machine.twin);
  view.since = view.notes.since;
  view.awaits = simulation.awaited_by(machine);
  view.deferred = simulation.deferred_by(machine.id);
  if (const auto found = computations.find({machine.id, machine.twin});
      found != computations.end()) {
    view.state = NodeState::computing;
    view.until = found->second.first;
    view.computes = found->second.second;
  } else if (view.step == scenario.steps && view.awaits.empty()) {
    view.state = NodeState::done;
  }
  if (const SimTime acts = simulation.acts_at(machine.id); acts != simulation.now()) {
    view.state = NodeState::down;
    view.since.reset();
    view.until = acts == kNever ? std::nullopt : std::optional(acts);
  }
  return view;
}

std::string shown_name(const NodeView& view) {
  return name_of_node(view.one_role, view.id) +
         (view.is_twin ? fmt::format(" (twin {})", view.twin + 1) : "") +
         (view.byzantine ? " *" : "");
}

std::string awaited_text(const Awaited& awaited) {
  return fmt::format("{}: {} of {}", name_of(awaited.phase, awaited.step, awaited.round),
                     awaited.there, awaited.needed);
}

// What it does, in a few words.
std::string doing(const NodeView& view) {
  std::string text;
  switch (view.state) {
    case NodeState::computing:
      text =
          fmt::format("computes {} until {}", name_of(view.computes->phase, view.computes->step, 0),
                      format_duration(*view.until));
      break;
    case NodeState::waiting:
      text = "waits";
      for (std::size_t i = 0; i < view.awaits.size(); ++i)
        text += (i == 0 ? " for " : ", and for ") + awaited_text(view.awaits[i]);
      break;
    case NodeState::down:
      text = view.until ? "is down until " + format_duration(*view.until) : "is down permanently";
      break;
    case NodeState::done:
      text = "is done";
      break;
  }
  if (!view.deferred.empty())
    text += fmt::format("; holds back {}", name_of(view.deferred[0].phase, view.deferred[0].step,
                                                   view.deferred[0].round));
  return text;
}

bool is_awaited(const KeptMessage& kept, const std::vector<Awaited>& awaits) {
  return std::any_of(awaits.begin(), awaits.end(), [&](const Awaited& awaited) {
    return kept.key.phase == awaited.phase && kept.key.step == awaited.step &&
           kept.key.round == awaited.round;
  });
}

std::string digest_text(const Payload& vector) {
  return vector ? "digest " + to_hex(vector.digest()) : "no vector";
}

const KeptMessage* arrival_of(const NodeView& view, const Awaited& awaited, NodeId sender) {
  for (const KeptMessage& kept : view.notes.kept)
    if (kept.sender == sender && is_awaited(kept, {awaited})) return &kept;
  return nullptr;
}

void add_awaited(const NodeView& view, std::string& text) {
  for (const Awaited& awaited : view.awaits) {
    text += fmt::format("  received of {}\n", awaited_text(awaited));
    for (const Heard& heard : awaited.heard) {
      const KeptMessage* arrival = arrival_of(view, awaited, heard.sender);
      text += fmt::format(
          "    {}  {}  {}\n", name_of_node(view.one_role, heard.sender), digest_text(heard.vector),
          arrival ? fmt::format("at {} in event {}", format_duration(arrival->time), arrival->event)
                  : "its own");
    }
  }
}

Json key_json(Phase phase, std::optional<std::int64_t> step, std::int64_t round) {
  return {{"phase", to_string(phase)}, {"step", step ? Json(*step) : Json()}, {"round", round}};
}

Json awaited_json(const NodeView& view, const Awaited& awaited) {
  Json json = key_json(awaited.phase, awaited.step, awaited.round);
  json["received"] = awaited.there;
  json["needed"] = awaited.needed;
  json["from"] = Json::array();
  for (const Heard& heard : awaited.heard) {
    Json each = {{"node", name_of_node(view.one_role, heard.sender)}};
    if (heard.vector) each["digest"] = to_hex(heard.vector.digest());
    if (const KeptMessage* arrival = arrival_of(view, awaited, heard.sender)) {
      each["event"] = arrival->event;
      each["time_ns"] = arrival->time;
    }
    json["from"].push_back(each);
  }
  return json;
}

Json used_json(const UsedQuorum& used, bool one_role) {
  Json json = {{"phase", to_string(used.phase)},
               {"step", used.step},
               {"event", used.event},
               {"time_ns", used.time},
               {"from", Json::array()}};
  for (const auto& [sender, digest] : used.heard)
    json["from"].push_back({{"node", name_of_node(one_role, sender)}, {"digest", to_hex(digest)}});
  return json;
}

std::vector<KeptMessage> kept_for_later(const NodeView& view) {
  std::vector<KeptMessage> later;
  for (const KeptMessage& kept : view.notes.kept)
    if (!is_awaited(kept, view.awaits)) later.push_back(kept);
  return later;
}

}  // namespace

std::string name_of(Phase phase, std::optional<std::int64_t> step, std::int64_t round) {
  return fmt::format("the {} of {}{}", to_string(phase),
                     step ? fmt::format("step {}", *step) : "any step",
                     round == 0 ? "" : fmt::format(", round {}", round));
}

std::vector<NodeView> node_views(const Moment& moment, const NodeSet& nodes) {
  const Computations computations = computations_of(moment.simulation);
  const Scenario& scenario = moment.simulation.workload().scenario();
  std::vector<NodeView> views;
  for (const Role role : roles_of(scenario))
    for (std::uint32_t i = 0; i < scenario.group_of(role).count; ++i) {
      const NodeId id{role, i};
      if (!nodes.contains(id)) continue;
      views.push_back(machine_view(moment, {id}, computations));
      if (moment.simulation.are_twins(id))
        views.push_back(machine_view(moment, {id, 1}, computations));
    }
  return views;
}

std::string nodes_text(const std::vector<NodeView>& views) {
  std::size_t width = 0, since_width = 5;
  for (const NodeView& view : views) {
    width = std::max(width, shown_name(view).size());
    if (view.since) since_width = std::max(since_width, format_duration(*view.since).size());
  }
  std::string text = fmt::format("{:{}}  step  {:>{}}\n", "node", width, "since", since_width);
  bool byzantine = false;
  for (const NodeView& view : views) {
    text += fmt::format("{:{}}  {:4}  {:>{}}  {}\n", shown_name(view), width, view.step,
                        view.since ? format_duration(*view.since) : "", since_width, doing(view));
    byzantine = byzantine || view.byzantine;
  }
  return text +
         (byzantine ? "* Byzantine: its state is that of an honest node in its place\n" : "");
}

std::string node_text(const NodeView& view) {
  std::string text = fmt::format("{}, step {}: {}", shown_name(view), view.step, doing(view));
  text += view.since ? fmt::format(" (since {})\n", format_duration(*view.since)) : "\n";
  const NodeNotes& notes = view.notes;
  if (notes.adopted)
    text += fmt::format("  model of step {}, adopted in event {}, {}\n", notes.adopted->step,
                        notes.adopted_in, digest_text(notes.adopted->model));
  add_awaited(view, text);
  for (const KeptMessage& kept : kept_for_later(view))
    text += fmt::format("  keeps {} of {}, received at {} in event {}\n",
                        name_of(kept.key.phase, kept.key.step, kept.key.round),
                        name_of_node(view.one_role, kept.sender), format_duration(kept.time),
                        kept.event);
  for (const MessageKey& key : view.deferred)
    text += fmt::format("  holds back {} until others have sent theirs\n",
                        name_of(key.phase, key.step, key.round));
  if (!notes.used) return text;
  text += fmt::format("  used last: {} from {} nodes, at {} in event {}\n",
                      name_of(notes.used->phase, notes.used->step, 0), notes.used->heard.size(),
                      format_duration(notes.used->time), notes.used->event);
  for (const auto& [sender, digest] : notes.used->heard)
    text += fmt::format("    {}  digest {}\n", name_of_node(view.one_role, sender), to_hex(digest));
  return text;
}

Json to_json(const NodeView& view) {
  Json json = {{"node", name_of_node(view.one_role, view.id)},
               {"byzantine", view.byzantine},
               {"step", view.step},
               {"state", to_string(view.state)}};
  if (view.is_twin) json["twin"] = view.twin;
  if (view.since) json["since_ns"] = *view.since;
  if (view.until) json["until_ns"] = *view.until;
  if (view.computes) json["computes"] = key_json(view.computes->phase, view.computes->step, 0);
  if (view.notes.adopted)
    json["model"] = {{"step", view.notes.adopted->step},
                     {"event", view.notes.adopted_in},
                     {"digest", to_hex(view.notes.adopted->model.digest())}};
  json["awaits"] = Json::array();
  for (const Awaited& awaited : view.awaits) json["awaits"].push_back(awaited_json(view, awaited));
  json["keeps"] = Json::array();
  for (const KeptMessage& kept : kept_for_later(view)) {
    Json each = key_json(kept.key.phase, kept.key.step, kept.key.round);
    each["from"] = name_of_node(view.one_role, kept.sender);
    each["event"] = kept.event;
    each["time_ns"] = kept.time;
    json["keeps"].push_back(each);
  }
  json["holds_back"] = Json::array();
  for (const MessageKey& key : view.deferred)
    json["holds_back"].push_back(key_json(key.phase, key.step, key.round));
  json["used_last"] = view.notes.used ? used_json(*view.notes.used, view.one_role) : Json();
  return json;
}

}  // namespace byzsim
