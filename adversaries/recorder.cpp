#include "adversaries/recorder.h"

#include <fmt/format.h>

#include "adversaries/schedulers/scheduler.h"
#include "core/check.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"
#include "sim/scenario/scenario_checks.h"

namespace byzsim {
namespace {

const Choice& silence() {
  static const Choice choice = default_choice(attacks().declarations(), "silent");
  return choice;
}

// Receivers that stand side by side in a pending send, as a set; the sender, which may stand
// between them, hears itself anyway.
std::string set_of(bool on_graph, NodeId first, NodeId last) {
  if (first == last) return name_of_node(on_graph, first);
  return name_of_role(on_graph, first.role) + "s " + std::to_string(first.index) + "-" +
         std::to_string(last.index);
}

// Attacks by reference tell halves apart; who forms them is no choice that a record replaces.
std::vector<Move> halves_of(const std::vector<Move>& moves) {
  std::vector<Move> halves;
  for (const Move& move : moves)
    if (move.first_halves.servers || move.first_halves.workers)
      halves.push_back({move.step, {}, {}, {}, move.first_halves});
  return halves;
}

}  // namespace

Recorder::Recorder(Coalition decides, RecordedVectors vectors)
    : decides_(std::move(decides)), vectors_(vectors) {
  record_.moves = halves_of(decides_.script().moves);
}

void Recorder::follow(std::shared_ptr<const Script> script) {
  decides_.follow(std::move(script));
  record_.moves = halves_of(decides_.script().moves);
}

void Recorder::branch_off(std::shared_ptr<const Script> script) {
  record_ = {};  // what the trunk decided is done
  follow(std::move(script));
}

bool Recorder::silent(const Scenario& scenario, const PendingSend& pending, NodeId receiver) {
  const bool silent = decides_.silent(scenario, pending, receiver);
  // Where the scenario's own attack is as silent, the replay is so without an entry.
  if (silent != undirected_.silent(scenario, pending, receiver))
    write_down(
        pending, name_of_node(scenario, receiver),
        silent ? Decision{&silence(), 0, {}} : decides_.decision_for(scenario, pending, receiver));
  return silent;
}

std::vector<Payload> Recorder::decide(const PendingSend& pending, const AdversaryView& view) {
  const std::vector<Payload> sent = decides_.decide(pending, view);
  BYZ_CHECK(sent.size() == pending.receivers.size(), "a decision is made for every receiver");
  std::vector<Decision> decisions;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    // Asked again: a vector alone does not show which attack made it.
    decisions.push_back(decides_.decision_for(view.scenario, pending, pending.receivers[i]));
    // Silence has no values, and stays an attack by name.
    if (vectors_ == RecordedVectors::by_value && sent[i].has_values())
      decisions.back() = {nullptr, 0, sent[i]};
  }
  // Neighbours that are sent the same share an entry: a record of a broadcast has one, not one for
  // each receiver.
  for (std::size_t first = 0, next = 0; first < decisions.size(); first = next) {
    while (next < decisions.size() && decisions[next] == decisions[first]) ++next;
    write_down(
        pending,
        set_of(view.scenario.one_role, pending.receivers[first], pending.receivers[next - 1]),
        decisions[first]);
  }
  return sent;
}

void Recorder::write_down(const PendingSend& pending, const std::string& receivers,
                          const Decision& decision) {
  BYZ_CHECK(decision.vector || decision.attack, "what is decided is a vector or an attack");
  record_.forgeries.push_back({pending.sender, pending.key(), pending.twin, receivers,
                               decision.vector ? std::nullopt : std::optional(*decision.attack),
                               decision.half, decision.vector, pending.repeat});
}

std::int64_t Recorder::delay(const Dispatch& dispatch) {
  const std::int64_t delay = decides_.delay(dispatch);
  BYZ_CHECK(delay >= 0, "a script holds no negative delay");
  const Message& message = dispatch.message;
  // What would happen by itself needs no entry: the replay draws the same delay.
  if (delay != (is_rushed(dispatch) ? 0 : dispatch.drawn)) {
    if (delay > kLongestDuration)
      throw InputError({"/adversary/scheduler",
                        fmt::format("delays a message by {} s, and a script holds at most {}",
                                    seconds(delay), format_duration(kLongestDuration)),
                        "use shorter delays, or run without --record"});
    record_.deliveries.push_back({message.sender,
                                  dispatch.receiver,
                                  {message.step, message.phase, message.round},
                                  message.twin,
                                  delay,
                                  message.repeat});
  }
  return delay;
}

Scenario scenario_of_record(Scenario scenario, Script record) {
  put_in_order(record);
  scenario.name = name_with(scenario.name, "recorded");
  scenario.script = std::move(record);
  // Every delay that differs from the drawn one is in the record; `random` keeps the others.
  scenario.scheduler = default_choice(schedulers().declarations(), "random");
  return scenario;
}

void Recorder::walk(Archive& archive) {
  archive.all(*this, decides_, undirected_, unchanged(vectors_), record_);
}

}  // namespace byzsim
