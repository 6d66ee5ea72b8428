// The walk over the fields of a script.
#include "core/input/units.h"
#include "sim/scenario/scenario.h"

namespace byzsim {
namespace {

constexpr double kLargestIndex = double(kMostNodes) - 1;

std::vector<std::string> phase_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kPhases; ++i) names.push_back(to_string(static_cast<Phase>(i)));
  return names;
}

// One of `words` as its position among them.
int position(ScenarioWalk& walk, const Parameter& declared, int held) {
  std::string chosen = declared.words[static_cast<std::size_t>(held)];
  walk.field(declared, chosen);
  int found = 0;
  // Ends: the walk gives one of the words, also where the file has another.
  while (declared.words[static_cast<std::size_t>(found)] != chosen) ++found;
  return found;
}

void describe_key(ScenarioWalk& walk, MessageKey& key, int& twin, std::int64_t& repeat) {
  static const Parameter phase = word("phase", phase_names(), "what kind of message it is");
  key.phase = static_cast<Phase>(position(walk, phase, static_cast<int>(key.phase)));
  walk.field(integer("step", 0, 0, kLargestInteger, "of the message"), key.step);
  // Left out where it says nothing: most messages have one round, no twin and no repetition.
  if (walk.has("round", key.round != 0))
    walk.field(integer("round", 0, 0, kLargestInteger, "within the step, where there are several"),
               key.round);
  if (walk.has("twin", twin != 0)) {
    std::int64_t which = twin;
    walk.field(integer("twin", 0, 0, 1, "which of the two sends it, where the sender is twins"),
               which);
    twin = static_cast<int>(which);
  }
  if (walk.has("repeat", repeat != 0))
    walk.field(integer("repeat", 0, 0, kLargestInteger,
                       "number of equal messages sent before it: a pull that arrives twice is "
                       "answered twice"),
               repeat);
}

// What is left out stays unchanged. On a graph keys are of nodes; those of servers, which scenarios
// had before, are read there, too.
void describe_move(ScenarioWalk& walk, Move& move, const ScenarioTables& tables, bool on_graph) {
  walk.field(integer("step", 0, 0, kLargestInteger,
                     "of the first messages it affects; choices that it leaves out stay unchanged"),
             move.step);
  const auto choice = [&](const std::string& key, const std::string& kind,
                          const std::vector<Declaration>& among, std::optional<Choice>& member) {
    walk.optional(key, member,
                  [&](Choice& each) { walk.choice(key, kind, among, among.front().name, each); });
  };
  if (walk.visits(on_graph)) choice("nodes", "attack", tables.attacks, move.servers);
  choice("workers", "attack", tables.attacks, move.workers);
  if (!on_graph || !move.servers) choice("servers", "attack", tables.attacks, move.servers);
  choice("scheduler", "scheduler", tables.schedulers, move.scheduler);
  const auto half = [&](const std::string& key, const std::string& summary,
                        std::optional<std::vector<std::int64_t>>& member) {
    walk.optional(key, member, [&](std::vector<std::int64_t>& each) {
      walk.field(integers(key, {}, 0, kLargestIndex, summary), each);
    });
  };
  std::optional<std::vector<std::int64_t>>& first = move.first_halves.servers;
  if (walk.visits(on_graph))
    half("first_nodes", "the honest nodes of the first half, by index", first);
  if (!on_graph || !first)
    half("first_servers", "the honest servers of the first half, by index", first);
  half("first_workers", "the honest workers of the first half, by index",
       move.first_halves.workers);
}

void describe_delivery(ScenarioWalk& walk, ScriptedDelivery& delivery) {
  walk.node("from", "sender, such as \"server 3\", or on a graph \"node 3\"", delivery.sender);
  walk.node("to", "receiver", delivery.receiver);
  describe_key(walk, delivery.key, delivery.twin, delivery.repeat);
  walk.field(duration("delay", 0, 0, kLongestDuration, "how long it travels"), delivery.delay);
}

void describe_forgery(ScenarioWalk& walk, Forgery& forgery, const ScenarioTables& tables) {
  walk.node("from", "the Byzantine sender, such as \"worker 6\"", forgery.sender);
  walk.field(text("to", "all",
                  "receivers: \"all\", \"servers\", \"worker 3\", \"workers 0-4\", or on a graph "
                  "\"nodes\", \"node 3\", \"nodes 0-4\""),
             forgery.receivers);
  describe_key(walk, forgery.key, forgery.twin, forgery.repeat);
  walk.optional("attack", forgery.attack, [&](Choice& attack) {
    walk.choice("attack", "attack", tables.attacks, tables.attacks.front().name, attack);
  });
  static const Parameter half = word("half", {"first", "second"},
                                     "half of the nodes that the attack assumes its receiver in");
  if (walk.has("half", forgery.half != 0)) forgery.half = position(walk, half, forgery.half);
  if (walk.has("vector", static_cast<bool>(forgery.vector)))
    walk.vector("vector", "the vector that is sent, instead of an attack", forgery.vector);
}

}  // namespace

void describe(Script& script, ScenarioWalk& walk, const ScenarioTables& tables, bool on_graph) {
  walk.list("moves", "changes of strategy from a step on", script.moves,
            [&](Move& move) { describe_move(walk, move, tables, on_graph); });
  walk.list("deliveries", "how long single messages travel", script.deliveries,
            [&](ScriptedDelivery& delivery) { describe_delivery(walk, delivery); });
  walk.list("words", "forgeries: what Byzantine nodes send to single receivers", script.forgeries,
            [&](Forgery& forgery) { describe_forgery(walk, forgery, tables); });
}

}  // namespace byzsim
