#include "tools/inspect/until.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/inspect/model_view.h"

namespace byzsim {
namespace {

constexpr const char* kDistance = "distance";  // of models now, recorded or not

using Compares = bool (*)(double, double);

Compares read_relation(LineWords& words) {
  const std::vector<std::pair<std::string, Compares>> relations = {
      {">", [](double a, double b) { return a > b; }},
      {"<", [](double a, double b) { return a < b; }},
      {">=", [](double a, double b) { return a >= b; }},
      {"<=", [](double a, double b) { return a <= b; }}};
  const std::string word = words.take("a relation: >, <, >= or <=");
  for (const auto& [name, relation] : relations)
    if (name == word) return relation;
  throw InputError(not_one_of(words.command(), word, {">", "<", ">=", "<="}));
}

double read_threshold(LineWords& words) {
  const std::string word = words.take("a number to compare with");
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
    throw InputError({words.command(), fmt::format("{} is not a number", brief(word)),
                      "write a number such as 1 or 0.5"});
  return value;
}

// An honest server has taken on a model, and none that is alive is behind it: a row may be whole.
bool may_complete_row(const Occurrence& occurrence, const Simulation& simulation) {
  const Scenario& scenario = simulation.workload().scenario();
  if (scenario.is_byzantine(occurrence.target)) return false;
  const std::vector<Adopt> adopted = adopted_in(occurrence);
  return std::any_of(adopted.begin(), adopted.end(), [&](const Adopt& each) {
    return is_recorded(scenario, each.step) && simulation.step() >= each.step;
  });
}

// Rows are evaluated beside the run: a copy waits for them.
Happened metric_condition(const std::string& name, Compares relation, double bound) {
  return [=](const Occurrence& occurrence, const Simulation& simulation, const AllNotes&) {
    if (!may_complete_row(occurrence, simulation)) return false;
    Simulation copy = simulation;
    copy.finish();
    if (copy.metrics().empty()) return false;
    const MetricsRow& row = copy.metrics().back();
    const std::vector<Adopt> adopted = adopted_in(occurrence);
    const bool fresh = std::any_of(adopted.begin(), adopted.end(),
                                   [&](const Adopt& each) { return each.step == row.step; });
    const std::optional<double> value = metric_of(row, name);
    return fresh && value && relation(*value, bound);
  };
}

Happened distance_condition(Compares relation, double bound) {
  return [=](const Occurrence& occurrence, const Simulation& simulation, const AllNotes& notes) {
    const Scenario& scenario = simulation.workload().scenario();
    if (adopted_in(occurrence).empty() || scenario.is_byzantine(occurrence.target)) return false;
    const std::optional<double> value = largest_distance(models_of(scenario, notes));
    return value && relation(*value, bound);
  };
}

// "[gradient]": any phase where none is named.
std::optional<Phase> read_phase(LineWords& words) {
  if (words.empty()) return std::nullopt;
  const std::string word = words.take("");
  const std::optional<Phase> phase = from_word<Phase>(word);
  if (!phase) throw InputError(not_one_of(words.command(), word, words_of<Phase>()));
  return phase;
}

Happened sends_condition(NodeId node, std::optional<Phase> phase) {
  return [=](const Occurrence& occurrence, const Simulation&, const AllNotes&) {
    return std::any_of(occurrence.deeds.begin(), occurrence.deeds.end(), [&](const Deed& deed) {
      const auto* posted = std::get_if<Posted>(&deed);
      return posted && posted->message->sender == node &&
             (!phase || posted->message->phase == *phase);
    });
  };
}

Happened receives_condition(NodeId node, std::optional<NodeId> sender, std::optional<Phase> phase) {
  return [=](const Occurrence& occurrence, const Simulation&, const AllNotes&) {
    const Message* message = occurrence.message();
    return message && occurrence.target == node && (!sender || message->sender == *sender) &&
           (!phase || message->phase == *phase);
  };
}

template <class OfNode>
Happened deed_condition(NodeId node) {
  return [=](const Occurrence& occurrence, const Simulation&, const AllNotes&) {
    return std::any_of(occurrence.deeds.begin(), occurrence.deeds.end(), [&](const Deed& deed) {
      const auto* each = std::get_if<OfNode>(&deed);
      return each && each->node == node;
    });
  };
}

bool begins_node(const LineWords& words) {
  const std::string role = words.peek();
  return role == "server" || role == "worker" || role == "node";
}

Happened read_node_condition(LineWords& words, const Scenario& scenario) {
  const NodeId node = words.take_node(scenario);
  const std::string act = words.take("what the node does: sends, receives, adopts or computes");
  if (act == "sends") return sends_condition(node, read_phase(words));
  if (act == "adopts") return deed_condition<Adopted>(node);
  if (act == "computes") return deed_condition<Begun>(node);
  // "hears" as the papers have it.
  if (act == "receives" || act == "hears") {
    words.take_if("from");
    std::optional<NodeId> sender;
    if (begins_node(words)) sender = words.take_node(scenario);
    return receives_condition(node, sender, read_phase(words));
  }
  throw InputError(not_one_of(words.command(), act, {"sends", "receives", "adopts", "computes"}));
}

}  // namespace

Happened read_condition(LineWords& words, const Scenario& scenario) {
  if (begins_node(words)) return read_node_condition(words, scenario);
  const std::string name = words.take("a condition: drift > 1, or worker 3 sends");
  std::vector<std::string> names = metric_names();
  names.emplace_back(kDistance);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    if (scenario.one_role)
      names.insert(names.begin(), "node");
    else
      names.insert(names.begin(), {"server", "worker"});
    throw InputError({words.command(), fmt::format("{} is not a metric or a node", brief(name)),
                      choose_from(name, names)});
  }
  const Compares relation = read_relation(words);
  const double bound = read_threshold(words);
  return name == kDistance ? distance_condition(relation, bound)
                           : metric_condition(name, relation, bound);
}

std::vector<std::string> condition_forms() {
  return {"drift > 1                     a metric, in the event that completes a row",
          "distance > 1                  the largest between models of honest servers now",
          "worker 3 sends [PHASE]        a message of it begins its way",
          "server 1 receives [NODE] [PHASE]",
          "server 2 adopts               it takes on the model of a step",
          "worker 3 computes             it begins a computation",
          "node 3 adopts                 the same on a graph",
          "step=200, time=1.5s, event=12345"};
}

}  // namespace byzsim
