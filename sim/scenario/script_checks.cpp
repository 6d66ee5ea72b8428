// Every entry is compared with those before it, so that an issue names the later of two that
// clash.

#include "sim/scenario/script_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "sim/scenario/node_name.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

constexpr const char* kAt = "/adversary/script";

class ScriptCheck {
 public:
  ScriptCheck(const Scenario& scenario, Issues& issues) : scenario_(scenario), issues_(issues) {}

  void check() {
    const Script& script = scenario_.script;
    for (std::size_t i = 0; i < script.moves.size(); ++i)
      check_move(fmt::format("{}/moves/{}", kAt, i), script.moves[i]);
    for (std::size_t i = 0; i < script.deliveries.size(); ++i)
      check_delivery(fmt::format("{}/deliveries/{}", kAt, i), script.deliveries[i]);
    for (std::size_t i = 0; i < script.forgeries.size(); ++i)
      check_forgery(fmt::format("{}/words/{}", kAt, i), script.forgeries[i]);
  }

 private:
  void refuse(const std::string& where, const std::string& problem, const std::string& remedy) {
    issues_.push_back({where, problem, remedy});
  }

  void check_step(const std::string& where, std::int64_t step) {
    // The last step itself is allowed: the gather after step t is tagged t + 1.
    if (step > scenario_.steps)
      refuse(where + "/step", fmt::format("{} is beyond the run's {} steps", step, scenario_.steps),
             "use an earlier step, or run more");
  }

  std::string name(NodeId node) const { return name_of_node(scenario_, node); }
  std::string plural(Role role) const {
    return name_of_role(scenario_.on_graph.has_value(), role) + "s";
  }

  bool exists(const std::string& where, NodeId node) {
    const std::int64_t count = scenario_.group_of(node.role).count;
    if (scenario_.on_graph && node.role == Role::worker) {
      refuse(where, fmt::format("there is no {}: a graph has no workers", to_string(node)),
             fmt::format("name a node, such as \"node {}\"", node.index));
      return false;
    }
    if (node.index < count) return true;
    refuse(where,
           fmt::format("there is no {}: there are {} {}", name(node), count, plural(node.role)),
           "nodes are counted from 0");
    return false;
  }

  void check_half(const std::string& where, Role role,
                  const std::optional<std::vector<std::int64_t>>& half) {
    if (!half) return;
    const std::int64_t correct = scenario_.group_of(role).correct();
    for (std::size_t i = 0; i < half->size(); ++i)
      if ((*half)[i] >= correct)
        refuse(fmt::format("{}/{}", where, i),
               fmt::format("{} is not the index of one of the {} honest {}", (*half)[i], correct,
                           plural(role)),
               fmt::format("use indices up to {}", correct - 1));
    if (std::set(half->begin(), half->end()).size() != half->size())
      refuse(where, "names a node twice", "keep one");
  }

  void refuse_workers(const std::string& where, bool given, const std::string& key) {
    if (given) refuse(where, "a graph has no workers", fmt::format("write \"{}\"", key));
  }

  void check_move(const std::string& where, const Move& move) {
    check_step(where, move.step);
    const auto& [first, first_workers] = move.first_halves;
    check_half(where + "/first_" + plural(Role::server), Role::server, first);
    if (scenario_.on_graph) {
      refuse_workers(where + "/workers", move.workers.has_value(), "nodes");
      refuse_workers(where + "/first_workers", first_workers.has_value(), "first_nodes");
    } else {
      check_half(where + "/first_workers", Role::worker, first_workers);
    }
    // Two moves of a step would count in an order that their places decide.
    const auto [before, fresh] = moves_.emplace(move.step, where);
    if (!fresh)
      refuse(where, fmt::format("{} is a move of step {} already", before->second, move.step),
             "make one move of the two");
  }

  void check_delivery(const std::string& where, const ScriptedDelivery& delivery) {
    check_step(where, delivery.key.step);
    exists(where + "/from", delivery.sender);
    if (exists(where + "/to", delivery.receiver) && delivery.receiver == delivery.sender)
      refuse(where + "/to", name(delivery.sender) + " sends no message to itself",
             "name another node");
    const auto [before, fresh] =
        deliveries_.emplace(std::tuple(delivery.key, delivery.sender, delivery.receiver,
                                       delivery.twin, delivery.repeat),
                            where);
    if (!fresh) refuse(where, before->second + " is about the same message", "keep one of the two");
  }

  void check_forgery(const std::string& where, const Forgery& forgery) {
    check_step(where, forgery.key.step);
    if (exists(where + "/from", forgery.sender) && !scenario_.is_byzantine(forgery.sender))
      refuse(where + "/from",
             name(forgery.sender) + " is honest, and its messages cannot be forged",
             fmt::format("only the last {} of {} {} are Byzantine ({}/byzantine/actual)",
                         scenario_.group_of(forgery.sender.role).byzantine.actual,
                         scenario_.group_of(forgery.sender.role).count, plural(forgery.sender.role),
                         place_of_group(scenario_, forgery.sender.role)));
    check_content(where, forgery);
    const auto receivers = parse_node_set(forgery.receivers);
    if (!receivers)
      return refuse(where + "/to", fmt::format("\"{}\" names no nodes", forgery.receivers),
                    fmt::format("write {}", kNodeSetForms));
    // Neither all nodes of a role nor none of them can be too many.
    if (scenario_.on_graph && receivers->role == Role::worker)
      refuse(where + "/to",
             fmt::format("\"{}\" names workers, and a graph has none", forgery.receivers),
             "write \"nodes\", \"node 3\" or \"nodes 0-4\"");
    else if (receivers->role && receivers->last != kMostNodes &&
             receivers->first <= receivers->last)
      exists(where + "/to", {*receivers->role, static_cast<std::uint32_t>(receivers->last)});
    check_heard_once(where, forgery, *receivers);
  }

  void check_content(const std::string& where, const Forgery& forgery) {
    if (forgery.attack && forgery.vector)
      refuse(where, "has both an attack and a vector", "keep one of the two");
    if (!forgery.attack && !forgery.vector)
      refuse(where, "has neither an attack nor a vector",
             "give an attack (\"silent\" for silence) or a vector");
    if (forgery.vector && scenario_.numbers == Numbers::none)
      refuse(where + "/vector", "a run without numbers has no vectors",
             "give an attack, or set \"numbers\": \"real\"");
  }

  // Whether no other forgery of the send is for one of the same receivers.
  void check_heard_once(const std::string& where, const Forgery& forgery,
                        const NodeSet& receivers) {
    auto& others = forgeries_[{forgery.key, forgery.sender, forgery.twin, forgery.repeat}];
    for (const auto& [other_where, other] : others) {
      const bool same_role = !receivers.role || !other.role || *receivers.role == *other.role;
      if (same_role && receivers.first <= other.last && other.first <= receivers.last &&
          // An empty set, "none", overlaps with nothing, though its bounds may.
          receivers.first <= receivers.last && other.first <= other.last)
        return refuse(where, other_where + " is for one of the same receivers",
                      "give each receiver one forgery of a message");
    }
    others.emplace_back(where, receivers);
  }

  const Scenario& scenario_;
  Issues& issues_;
  std::map<std::int64_t, std::string> moves_;
  std::map<std::tuple<MessageKey, NodeId, NodeId, int, std::int64_t>, std::string> deliveries_;
  std::map<std::tuple<MessageKey, NodeId, int, std::int64_t>,
           std::vector<std::pair<std::string, NodeSet>>>
      forgeries_;
};

}  // namespace

void check_script(const Scenario& scenario, Issues& issues) {
  ScriptCheck(scenario, issues).check();
}

}  // namespace byzsim
