// The course of shrinking as a value: it hands out smaller scenarios to try and is told which of
// them still hold the property. What it comes to depends on neither how many are tried at a time
// nor how long they take: of those handed out the first that holds is taken, and what was tried
// behind it counts for nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "tools/shrink/smaller_scenarios.h"

namespace byzsim {

/// What came of a run.
struct AttemptResult {
  bool holds = false;
  std::vector<std::string> unused_decisions = {};  ///< Simulation::unused_decisions()
};

/// A smaller scenario that can run.
struct Attempt {
  std::string what;
  std::string id;
  Scenario scenario;
  std::size_t candidate;  ///< its number among those of the pass
};

/// attempts() and learn() take turns; each learn() is given the results of the attempts before it.
class Shrinking {
 public:
  /// From a scenario that holds the property, with at most so many evaluations. What its script
  /// says in vain is the first to go, all at once, then and whenever a result finds more of it.
  Shrinking(const Scenario& scenario, std::int64_t evaluations,
            const std::vector<std::string>& unused_decisions = {});

  /// The next to try, at most `most` (>= 1), none tried before; none when nothing smaller is worth
  /// trying or all evaluations have been used.
  std::vector<Attempt> attempts(std::size_t most);
  /// What came of the attempts, in their order. The answer is the one that has been taken.
  std::optional<Attempt> learn(const std::vector<Attempt>& attempts,
                               const std::vector<AttemptResult>& results);

  /// The smallest so far.
  const Scenario& scenario() const { return scenario_; }
  /// As minimal_json has it.
  const Json& json() const { return json_; }
  std::int64_t evaluations() const { return evaluations_; }
  bool is_exhausted() const { return evaluations_ >= most_evaluations_; }

 private:
  std::optional<Attempt> attempt(std::size_t candidate) const;
  void begin_pass(std::size_t pass, std::size_t place);
  void begin_with(const std::vector<std::string>& unused_decisions, std::size_t place);

  Scenario scenario_;
  Json json_;  // as minimal_json writes it
  std::int64_t most_evaluations_;
  std::int64_t evaluations_ = 0;
  std::size_t pass_ = 0;
  bool taken_in_round_ = false;  // of all passes
  std::vector<Smaller> candidates_;
  std::size_t next_ = 0;
  std::set<std::string> known_;  // ids of what does not hold, and of the present scenario
};

}  // namespace byzsim
