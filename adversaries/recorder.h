// A coalition that keeps a record of all its decisions: delays that differ from what would happen
// by itself, and everything that a Byzantine node sends. Run with the record as its script, and
// with no other decision than the record's, the scenario does the same again. Throws InputError for
// a delay that no script can hold.
//
// A record by value holds the vectors themselves, and replays without the attacks that made them;
// one by reference holds their names, and is small.
#pragma once

#include <memory>

#include "adversaries/coalition.h"

namespace byzsim {

/// How vectors are recorded: as the attack that makes them, or as they are. By value, a script
/// needs no attack and no plugin to be replayed, and can become large.
enum class RecordedVectors { by_reference, by_value };

/// The adversary of a run that is recorded; every decision is the coalition's.
class Recorder final : public Adversary {
 public:
  /// Records what this coalition decides, from the moves of its script on.
  Recorder(Coalition decides, RecordedVectors vectors);

  std::unique_ptr<Adversary> clone() const override { return std::make_unique<Recorder>(*this); }
  std::size_t awaits(const Scenario& scenario, NodeId node) const override {
    return decides_.awaits(scenario, node);
  }
  bool silent(const Scenario& scenario, const PendingSend& pending, NodeId receiver) override;
  std::optional<std::int64_t> twins(const Scenario& scenario, NodeId node) const override {
    return decides_.twins(scenario, node);
  }
  std::vector<Payload> decide(const PendingSend& pending, const AdversaryView& view) override;
  std::int64_t computing_time(const Scenario& scenario, std::int64_t drawn) const override {
    return decides_.computing_time(scenario, drawn);
  }
  std::int64_t delay(const Dispatch& dispatch) override;
  void follow(std::shared_ptr<const Script> script) override;
  void branch_off(std::shared_ptr<const Script> script) override;
  std::vector<std::string> unused_decisions() const override { return decides_.unused_decisions(); }
  UnusedSettings without_effect(const Scenario& scenario) const override {
    return decides_.without_effect(scenario);
  }
  const Script* record() const override { return &record_; }
  void walk(Archive& archive) override;

 private:
  // Adds a forgery for some receivers of a send.
  void write_down(const PendingSend& pending, const std::string& receivers,
                  const Decision& decision);

  Coalition decides_;
  Coalition undirected_{std::make_shared<const Script>(), 0};  // what the scenario's choices do
  RecordedVectors vectors_;
  Script record_;
};

/// The scenario in which a record's decisions are all there is to decide: its script is the record,
/// its scheduler is `random`, and its digest is that of the recorded run.
Scenario scenario_of_record(Scenario scenario, Script record);

}  // namespace byzsim
