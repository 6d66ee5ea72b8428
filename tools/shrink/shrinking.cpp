#include "tools/shrink/shrinking.h"

#include <algorithm>

#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"
#include "tools/shrink/minimal_json.h"

namespace byzsim {

Shrinking::Shrinking(const Scenario& scenario, std::int64_t evaluations,
                     const std::vector<std::string>& unused_decisions)
    : scenario_(scenario),
      json_(minimal_json(scenario)),
      most_evaluations_(evaluations),
      // The scenario itself counts as tried: a change without effect is no attempt.
      known_({id_of_json(json_)}) {
  begin_pass(0, 0);
  begin_with(unused_decisions, 0);
}

void Shrinking::begin_pass(std::size_t pass, std::size_t place) {
  pass_ = pass;
  next_ = 0;
  candidates_ = passes()[pass](json_);
  candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(),
                                   [&](const Smaller& each) { return each.place < place; }),
                    candidates_.end());
}

void Shrinking::begin_with(const std::vector<std::string>& unused_decisions, std::size_t place) {
  if (unused_decisions.empty()) return;
  candidates_.insert(candidates_.begin(), without_decisions(unused_decisions));
  candidates_.front().place = place;  // and then the pass goes on where it is
}

// Nothing for what cannot run or is known.
std::optional<Attempt> Shrinking::attempt(std::size_t candidate) const {
  const Smaller& smaller = candidates_[candidate];
  try {
    Scenario scenario = read_scenario(json_.patch(smaller.patch), scenario_tables());
    std::string id = scenario_id(scenario, scenario_tables());
    // Passes overlap: a scenario that failed once need not run again.
    if (known_.contains(id)) return std::nullopt;
    return Attempt{smaller.what, std::move(id), std::move(scenario), candidate};
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::vector<Attempt> Shrinking::attempts(std::size_t most) {
  most = std::min(most, static_cast<std::size_t>(most_evaluations_ - evaluations_));
  std::vector<Attempt> found;
  while (found.size() < most) {
    if (next_ < candidates_.size()) {
      auto next = attempt(next_++);
      const bool fresh = next && std::none_of(found.begin(), found.end(), [&](const Attempt& each) {
                           return each.id == next->id;
                         });
      // Of two equal attempts in one batch the second would cost a run for nothing.
      if (fresh) found.push_back(std::move(*next));
    } else if (!found.empty()) {
      // A batch stays within one pass: the next pass is of the scenario that this one leaves.
      break;
    } else if (pass_ + 1 < passes().size()) {
      begin_pass(pass_ + 1, 0);
    } else if (taken_in_round_) {
      // What one pass took may let an earlier one go on: rounds end when none takes anything.
      taken_in_round_ = false;
      begin_pass(0, 0);
    } else {
      break;
    }
  }
  return found;
}

std::optional<Attempt> Shrinking::learn(const std::vector<Attempt>& attempts,
                                        const std::vector<AttemptResult>& results) {
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    ++evaluations_;
    known_.insert(attempts[i].id);
    // In their order: the first that holds is taken, whatever the number that was tried at a time.
    if (!results[i].holds) continue;
    const std::size_t place = candidates_[attempts[i].candidate].place;
    scenario_ = attempts[i].scenario;
    json_ = minimal_json(scenario_);
    taken_in_round_ = true;
    // From the same place on: candidates before it have just been tried, and did not hold.
    begin_pass(pass_, place);
    begin_with(results[i].unused_decisions, place);
    // Later results of the batch are dropped, and not counted: fewer threads would not have run
    // them.
    return attempts[i];
  }
  return std::nullopt;
}

}  // namespace byzsim
