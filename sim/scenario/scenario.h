// The scenario: everything a run depends on, as a plain struct. One walk, describe(), names every
// field with its type, range, default and sentence; reading, writing and the JSON schema all follow
// it.
//
// A scenario that was read is resolved: quorums, dimension and protocol parameters that were left
// open have their numbers, and every condition was checked (scenario_checks.h). Then in both groups
// at least one node is honest: declared < count and actual < count.
//
// Notation of the papers, for servers (ps) and workers (w) alike: n is the count, f the declared
// number of Byzantine nodes and q the quorum (El-Mhamdi et al., PODC 2020).
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/graphs/weights.h"
#include "core/input/input_file.h"
#include "core/input/parameters.h"
#include "core/input/words.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/network/network.h"
#include "sim/scenario/expectation.h"
#include "sim/scenario/scenario_tables.h"
#include "sim/scenario/script.h"
#include "sim/world/node_id.h"

namespace byzsim {

/// Byzantine nodes of one role. They are the last `actual` indices. Guarantees of the papers assume
/// actual <= declared; `unsafe` permits more.
struct ByzantineCounts {
  std::int64_t declared = 0;  ///< f: what quorums and rules assume
  std::int64_t actual = 0;    ///< how many are Byzantine
};

/// The servers, or the workers: how many there are, how many of their vectors a receiver waits for,
/// and by which rule it aggregates them. ByzSGD aggregates gradients by MDA and models by the
/// coordinate-wise median (El-Mhamdi et al., PODC 2020).
struct Group {
  std::int64_t count = 1;
  ByzantineCounts byzantine;
  /// Vectors of this group that a receiver waits for; open until the protocol resolves it.
  std::optional<std::int64_t> quorum;
  std::vector<Choice> pre;  ///< pre-aggregation of this group's vectors, in order
  Choice aggregator;        ///< the rule that aggregates what comes out of it

  std::int64_t correct() const { return count - byzantine.actual; }
};

/// Byzantine nodes send once this number of honest nodes of their kind have; empty: once all have,
/// as in the experiments of ByzFL, whose attacks are given every honest vector.
struct Rushing {
  std::optional<std::int64_t> honest;
  /// What that comes to for a group.
  std::int64_t awaited(const Group& group) const {
    return std::min(honest.value_or(group.correct()), group.correct());
  }
};

/// Messages from and to these nodes take this long instead of the network's delay.
struct LinkDelay {
  std::string from;  ///< a NodeSet
  std::string to;    ///< a NodeSet
  Choice delay;
};

/// Whether models are trained, or only time and messages simulated.
enum class Numbers { real, none };
template <>
struct Words<Numbers> {
  static constexpr std::array<const char*, 2> all = {"real", "none"};
};

/// What attacks see of the vectors of other nodes in the same step: those of honest nodes (the
/// omniscient adversary of El-Mhamdi et al., PODC 2020, as we understand it), those that Byzantine
/// nodes would send if they were honest (Baruch et al., NeurIPS 2019), or none. On a graph also
/// those of the receiver and its honest neighbours, a choice of its own for each receiver.
enum class Knowledge { omniscient, own_messages, blind, neighbourhood };
template <>
struct Words<Knowledge> {
  static constexpr std::array<const char*, 4> all = {"omniscient", "own_messages", "blind",
                                                     "neighbourhood"};
};

/// Where momentum is kept: of gradients at each worker (which heals ALIE: worker momentum, ICLR
/// 2021), or of aggregates at each server.
enum class MomentumAt { worker, server };
template <>
struct Words<MomentumAt> {
  static constexpr std::array<const char*, 2> all = {"worker", "server"};
};

/// How a worker draws the examples of its batches: each by itself from its share, or pass after
/// pass over it, each in an order of its own, whose last batch may be smaller.
enum class Batches { with_replacement, passes };
template <>
struct Words<Batches> {
  static constexpr std::array<const char*, 2> all = {"with_replacement", "passes"};
};

/// What a run can keep beside its tables, by name: "models", the models of honest servers.
const std::vector<Declaration>& kept_outputs();

class NodeGraphs;

/// Another graph from a step on.
struct TopologyChange {
  std::int64_t step = 1;
  Choice topology;
  std::optional<std::int64_t> every;  ///< as in GraphPlan
};

/// Which nodes of a decentralised protocol exchange models: all that decides it beside the counts
/// and the seed (sim/scenario/node_graph.h).
struct GraphPlan {
  Choice topology;  ///< the graph (core/graphs/topology.h)
  /// Steps after which the edges are drawn again; empty: never.
  std::optional<std::int64_t> every;
  std::vector<TopologyChange> changes;  ///< in the order of their steps
  Choice placement;  ///< which of its vertices are Byzantine (core/graphs/placement.h)
  GossipWeights weights = GossipWeights::metropolis;
  /// b: how many of a node's neighbours its rule assumes to be Byzantine; empty: the largest number
  /// that an honest node has where as many nodes are Byzantine as are declared.
  std::optional<std::int64_t> tolerated;
};

struct Scenario;

/// The moment of another run, its trunk, at which a run begins: a branch of it.
struct Origin {
  std::shared_ptr<const Scenario> trunk;  ///< never null once it was read
  std::int64_t event = 0;                 ///< how many events of the trunk have happened
};

/// A run as data. Its id covers all of it but name, summary, paths and what is kept
/// (scenario_json.h).
struct Scenario {
  std::string name;
  std::string summary;
  std::uint64_t seed = 1;
  std::int64_t steps = 100;
  std::int64_t time_limit = 0;      ///< nanoseconds after which the run ends; 0: none
  bool unsafe = false;              ///< goes beyond the conditions on n, f and q on purpose
  std::vector<PluginFile> plugins;  ///< from which choices come, by digest
  std::vector<InputFile> inputs;    ///< what it reads (scenario_inputs.h); not of its JSON
  Choice protocol;
  /// Whether every node is server and worker at once: /nodes describes both groups.
  bool one_role = false;
  Group servers;                      ///< of such a protocol: the nodes and how models are used
  std::optional<GraphPlan> on_graph;  ///< of a protocol on a graph, otherwise empty
  /// Of the latter, once they are made (Workload); not of its JSON.
  std::shared_ptr<const NodeGraphs> graphs = nullptr;
  /// Added to every coordinate of the initial model, for each server or each honest one; empty:
  /// all servers start equal.
  std::vector<double> start;
  /// How many training examples every server holds itself, for rules that compare vectors with its
  /// own gradient; 0: none.
  std::int64_t root_examples = 0;
  Group workers;
  std::int64_t batch_size = 32;
  Batches batches = Batches::with_replacement;
  Choice local_steps;    ///< of SGD that a worker makes before it answers (core/participations/)
  double proximal = 0;   ///< mu of FedProx: what pulls local steps back to where they began
  Choice compressor;     ///< of what workers send (core/compressors/)
  Choice algorithm;      ///< by which they make it (core/worker_algorithms/)
  Choice participation;  ///< which workers take part in a round, where the protocol draws them
  Numbers numbers = Numbers::real;
  std::optional<std::int64_t> dimension;  ///< of the vectors, without numbers
  Choice model;
  std::string model_start;  ///< a file of parameters that every server begins with; empty: drawn
  Choice data;
  Choice normalise = {"none", {}};   ///< of features (core/datasets/normalisation.h)
  std::vector<Choice> augmentation;  ///< of training images, in order
  double validation = 0;             ///< share of the training examples that is held back
  Choice partition;
  Choice rate;
  double momentum = 0;
  MomentumAt momentum_at = MomentumAt::worker;
  bool nesterov = false;  ///< follow beta m + (1 - beta) g instead of the momentum m itself
  double weight_decay = 0;
  Choice server_optimizer;  ///< what a server makes of its updates (core/server_optimizers/)
  Choice worker_attack;
  Choice server_attack;
  Choice scheduler;  ///< when messages arrive
  Knowledge knowledge = Knowledge::omniscient;
  /// Byzantine nodes send last, and what they send arrives at once; empty: "off".
  std::optional<Rushing> rushing;
  Script script;                 ///< decisions beyond these choices
  Choice delay;                  ///< of every message on every link
  std::vector<LinkDelay> links;  ///< exceptions, the last that fits counts
  NetworkPlan network;           ///< what messages cost on the way
  std::vector<Choice> faults;
  Choice gradient_time;          ///< of one gradient at a worker
  Choice aggregation_time;       ///< of one aggregation at a server
  std::int64_t sample_time = 0;  ///< nanoseconds that each example of a batch adds to a gradient
  /// Operations a second of an aggregation, whose count follows from the rule; empty: no time.
  std::optional<std::int64_t> operations_per_second;
  std::int64_t metrics_every = 10;
  /// Of kept_outputs(), each at most once. It decides what is written of a run, never what is
  /// computed.
  std::vector<Choice> keep;
  std::vector<Expectation> expect;
  std::optional<Origin> origin;  ///< empty: it begins at its own first event

  /// Whether workers compress what they send.
  bool compresses() const { return !compressor.name.empty() && compressor.name != "none"; }
  const Group& group_of(Role role) const { return role == Role::server ? servers : workers; }
  bool keeps_models() const { return !keep.empty(); }
  /// Steps between the models that are kept on the way; empty: only those of the end.
  std::optional<std::int64_t> keeps_models_every() const;
  bool is_byzantine(NodeId node) const { return node.index >= group_of(node.role).correct(); }
};

/// Where a role's nodes and their attack stand: "/servers" and "/adversary/servers"; on a graph
/// "/nodes" and "/adversary/nodes" for either role; where nodes have both roles without a graph,
/// what concerns gradients is in "/nodes/gradients" and, with an attack of their own,
/// "/adversary/gradients".
std::string place_of_group(const Scenario& scenario, Role role);
std::string place_of_attack(const Scenario& scenario, Role role);

/// How a group's vectors are aggregated.
Aggregation aggregation_of(const Group& group);

/// Visits a scenario field by field, objects nested by enter/leave.
class ScenarioWalk {
 public:
  virtual ~ScenarioWalk() = default;
  virtual void enter(const std::string& key, const std::string& summary) = 0;
  /// The same where one number may stand for the object: the value of each of its keys, which are
  /// all such as `each`.
  virtual void enter_or_number(const std::string& key, const std::string& summary,
                               const Parameter& each) {
    (void)each;
    enter(key, summary);
  }
  virtual void leave() = 0;
  /// Whether a part that counts in some scenarios only is visited: where it counts, and always in a
  /// schema.
  virtual bool visits(bool counts) { return counts; }
  /// Whether a part has the form of an earlier version, with these keys: in the file, or because
  /// that form is what is written. `instead` states what to write now.
  virtual bool in_earlier_form(const std::vector<std::string>& keys, const std::string& instead) {
    (void)keys, (void)instead;
    return false;
  }
  virtual void value(const Parameter& declared, Value& value) = 0;
  /// `kind` is the noun of messages; the default is `fallback` at its own defaults.
  virtual void choice(const std::string& key, const std::string& kind,
                      const std::vector<Declaration>& among, const std::string& fallback,
                      Choice& choice) = 0;
  /// The same with further keys beside name and parameters, whatever is chosen; `describe_beside`
  /// walks over them, as if the choice were an object of them.
  virtual void choice_beside(const std::string& key, const std::string& kind,
                             const std::vector<Declaration>& among, const std::string& fallback,
                             Choice& choice, const std::vector<std::string>& keys,
                             const std::function<void()>& describe_beside) {
    (void)keys, (void)describe_beside;
    this->choice(key, kind, among, fallback, choice);
  }
  /// Whether an optional key is there: in the file, in what is written (`held`), always in a
  /// schema.
  virtual bool has(const std::string& key, bool held) = 0;
  virtual void node(const std::string& key, const std::string& summary, NodeId& node) = 0;
  /// The coordinates of a vector, of any bits.
  virtual void vector(const std::string& key, const std::string& summary, Payload& vector) = 0;
  /// Another scenario within this one.
  virtual void scenario(const std::string& key, const std::string& summary,
                        std::shared_ptr<const Scenario>& scenario) = 0;
  /// A list of choices, empty by default.
  virtual void choices(const std::string& key, const std::string& kind,
                       const std::vector<Declaration>& among, std::vector<Choice>& choices) = 0;

  /// A list of objects: how many there are (`size` when writing), then each between enter_item and
  /// leave, then leave_list.
  virtual std::size_t enter_list(const std::string& key, const std::string& summary,
                                 std::size_t size) = 0;
  virtual void enter_item(std::size_t index) = 0;
  virtual void leave_list() = 0;
  template <class T, class Describe>
  void list(const std::string& key, const std::string& summary, std::vector<T>& items,
            Describe describe_item) {
    items.resize(enter_list(key, summary, items.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
      enter_item(i);
      describe_item(items[i]);
      leave();
    }
    leave_list();
  }

  void field(const Parameter& declared, bool& member);
  void field(const Parameter& declared, std::int64_t& member);
  void field(const Parameter& declared, std::uint64_t& member);  ///< a seed
  void field(const Parameter& declared, double& member);
  void field(const Parameter& declared, std::string& member);
  void field(const Parameter& declared, std::vector<double>& member);
  void field(const Parameter& declared, std::vector<std::int64_t>& member);
  /// A word of an enumeration.
  template <HasWords Enum>
  void field(const std::string& key, const std::string& summary, Enum& member) {
    std::string held = to_string(member);
    field(word(key, words_of<Enum>(), summary), held);
    member = from_word<Enum>(held).value_or(member);
  }
  /// A number or the parameter's one word ("auto"), which is the empty optional.
  void field(const Parameter& declared, std::optional<std::int64_t>& member);
  /// An optional key: `describe_member` describes the member where it is there.
  template <class T, class Describe>
  void optional(const std::string& key, std::optional<T>& member, Describe describe_member) {
    if (!has(key, member.has_value())) return;
    T value = member.value_or(T{});
    describe_member(value);
    member = std::move(value);
  }
};

void describe(Scenario& scenario, ScenarioWalk& walk, const ScenarioTables& tables);
void describe(Script& script, ScenarioWalk& walk, const ScenarioTables& tables, bool on_graph);

}  // namespace byzsim
