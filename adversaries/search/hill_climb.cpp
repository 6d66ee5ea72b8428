// Changes single decisions of one run of the adversary, and goes on from what does most harm.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adversaries/begin_run.h"
#include "adversaries/coalition.h"
#include "adversaries/search/search.h"
#include "core/check.h"
#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"

namespace byzsim::searches_list {
namespace {

// A message of the run that is changed, to an honest node.
struct SentMessage {
  NodeId sender, receiver;
  MessageKey key;
  int twin;
  std::int64_t repeat;
};

struct Log {
  std::vector<SentMessage> deliveries;  // all of them
  std::vector<SentMessage> forgeries;   // vectors of Byzantine nodes
  std::int64_t longest = 0;             // delay
  bool one_role = false;                // nodes are called nodes
};

Log log_of(const SearchTask& task) {
  Simulation simulation =
      begin_run(task.make_workload(task.scenario, task.executor), task.make_workload);
  Log log;
  log.one_role = task.scenario.one_role;
  while (const auto occurrence = simulation.advance()) {
    const Delivery* delivery = occurrence->delivery();
    if (!delivery) continue;
    // Only what honest nodes receive can do harm.
    if (task.scenario.is_byzantine(occurrence->target)) continue;
    const Message& message = *delivery->message;
    const SentMessage sent{message.sender,
                           occurrence->target,
                           {message.step, message.phase, message.round},
                           message.twin,
                           message.repeat};
    log.longest = std::max(log.longest, occurrence->time - delivery->sent);
    log.deliveries.push_back(sent);
    // What carries no vector, a request say, has nothing that could be forged.
    if (task.scenario.is_byzantine(message.sender) && message.vector) log.forgeries.push_back(sent);
  }
  return log;
}

const SentMessage& drawn_from(const std::vector<SentMessage>& messages, Stream& stream) {
  BYZ_CHECK(!messages.empty(), "one of the messages is drawn");
  return messages[static_cast<std::size_t>(stream.below(messages.size()))];
}

std::string name_of(const SentMessage& sent, bool one_role) {
  return fmt::format("{} of step {} from {} to {}", to_string(sent.key.phase), sent.key.step,
                     name_of_node(one_role, sent.sender), name_of_node(one_role, sent.receiver));
}

// Up to twice as late as the latest message of the run, in whole microseconds.
std::string change_delivery(Script& script, const Log& log, Stream& stream) {
  const SentMessage& sent = drawn_from(log.deliveries, stream);
  // Twice, so that a message can fall behind every other one; microseconds keep scripts readable.
  const auto longest = static_cast<std::uint64_t>(2 * log.longest / kMicrosecond + 1);
  const ScriptedDelivery changed{sent.sender,
                                 sent.receiver,
                                 sent.key,
                                 sent.twin,
                                 static_cast<std::int64_t>(stream.below(longest)) * kMicrosecond,
                                 sent.repeat};
  // A script holds one entry a message: the older decision gives way.
  std::erase_if(script.deliveries, [&](const ScriptedDelivery& each) {
    return each.sender == sent.sender && each.receiver == sent.receiver && each.key == sent.key &&
           each.twin == sent.twin && each.repeat == sent.repeat;
  });
  script.deliveries.push_back(changed);
  return fmt::format("{} takes {}", name_of(sent, log.one_role), format_duration(changed.delay));
}

// Its numbers drawn from their ranges, its words from those it may be.
Choice drawn_attack(const Declaration& declaration, Stream& stream) {
  Json parameters = Json::object();
  for (const Parameter& each : declaration.parameters) {
    if (each.type == ParameterType::word)
      parameters[each.name] = each.words[static_cast<std::size_t>(stream.below(each.words.size()))];
    else if (is_searchable(each))
      parameters[each.name] = value_at(variable_of("", each, each.fallback), stream.uniform());
  }
  Issues issues;
  Notes notes;
  Choice choice =
      read_choice({declaration}, "attack", {{"name", declaration.name}, {"parameters", parameters}},
                  "", issues, notes);
  throw_if_any(issues);
  return choice;
}

// What a node must be from the first step on cannot be taken up for one message.
std::vector<Declaration> attacks_for_one_message() {
  std::vector<Declaration> all;
  for (const Attack& each : attacks())
    if (!each.twins && !each.acts_on_data()) all.push_back(each.declaration);
  return all;
}

std::string change_forgery(Script& script, const Log& log, Stream& stream) {
  static const std::vector<Declaration> all = attacks_for_one_message();
  const SentMessage& sent = drawn_from(log.forgeries, stream);
  const auto which = static_cast<std::size_t>(stream.below(all.size()));
  const Choice attack = drawn_attack(all[which], stream);
  Forgery changed{sent.sender, sent.key, sent.twin, name_of_node(log.one_role, sent.receiver),
                  attack,      0,        {},        sent.repeat};
  if (const Forgery* before =
          forgery_in(script, sent.sender, sent.key, sent.twin, sent.repeat, sent.receiver)) {
    // An entry for several receivers changes for all of them: a second one for this receiver would
    // overlap it.
    changed.receivers = before->receivers;
    script.forgeries.erase(script.forgeries.begin() + (before - script.forgeries.data()));
  }
  script.forgeries.push_back(std::move(changed));
  return fmt::format("{} is {} {}", name_of(sent, log.one_role), attack.name,
                     write_choice(all, attack)["parameters"].dump());
}

// The parent with a few decisions changed.
Candidate child_of(const Candidate& parent, const SearchTask& task, const Log& log, Stream stream) {
  const std::string& what = task.parameters.word("what");
  Candidate child{parent.scenario, Json::object()};
  std::string changes;
  for (std::int64_t i = 0; i < task.parameters.integer("changes"); ++i) {
    const bool forgery =
        !log.forgeries.empty() && what != "deliveries" && (what == "words" || stream.below(2) == 0);
    Script& script = child.scenario.script;
    changes += (changes.empty() ? "" : "; ") + (forgery ? change_forgery(script, log, stream)
                                                        : change_delivery(script, log, stream));
    put_in_order(script);
  }
  child.chosen["change"] = changes;
  return child;
}

void require_messages(const SearchTask& task, const Log& log) {
  const bool forgeries = task.parameters.word("what") == "words";
  if (!(forgeries ? log.forgeries : log.deliveries).empty()) return;
  throw InputError({"hill_climb",
                    forgeries ? "no Byzantine node sends a vector to an honest one in this run"
                              : "no message reaches an honest node in this run",
                    "change deliveries, or have Byzantine nodes that send"});
}

std::vector<Trial> search_hill_climb(const SearchTask& task) {
  std::vector<Trial> trials = task.evaluate({{task.scenario, {{"change", "none"}}}});
  // The messages of the unchanged run: those that only a changed run sends are never touched.
  const Log log = log_of(task);
  require_messages(task, log);
  const auto left = [&] { return task.evaluations - std::ssize(trials); };
  bool whole = !trials.empty();
  // Nothing is worse than a run that has diverged.
  while (whole && left() > 0 && !std::isinf(trials[worst_of(trials)].harm)) {
    const Candidate parent = trials[worst_of(trials)].candidate;
    std::vector<Candidate> children;
    const auto count = std::min<std::int64_t>(task.parameters.integer("lambda"), left());
    for (std::int64_t i = 0; i < count; ++i)
      children.push_back(child_of(parent, task, log,
                                  // Named by the number of the trial: no child depends on what
                                  // another one draws.
                                  task.stream(static_cast<std::uint64_t>(std::ssize(trials) + i))));
    std::vector<Trial> made = task.evaluate(std::move(children));
    whole = std::ssize(made) == count;
    for (Trial& each : made) trials.push_back(std::move(each));
  }
  return trials;
}

}  // namespace

SearchStrategy hill_climb() {
  return {{"hill_climb",
           "changes single decisions of the adversary, a delivery or a forged vector, and keeps "
           "the more damaging ones: lambda children of the worst so far at a time",
           "the (1 + lambda) evolution strategy (Rechenberg 1973; Schwefel 1981)",
           {integer("lambda", 8, 1, 10'000, "children of the worst so far, run side by side"),
            integer("changes", 1, 1, 1000, "decisions in which a child differs from its parent"),
            word("what", {"both", "deliveries", "words"},
                 "what may change: when messages arrive, what Byzantine nodes send, or both")}},
          search_hill_climb,
          false};
}

}  // namespace byzsim::searches_list
