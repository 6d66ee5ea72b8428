// The metric that a search makes worse for the defenders: one number of a finished run, named or
// computed by a function of the user's.
//
// A run without a value of it has diverged and counts as worse than any other.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/server_models.h"
#include "sim/run/simulation.h"
#include "sim/scenario/expectation.h"

namespace byzsim {

/// A metric, at the end of a run or its largest or smallest value, and which direction is worse.
struct Objective {
  std::string name;     ///< as it is asked for: "drift:max"
  std::string measure;  ///< a column of metrics.csv or gathers.csv, or one of the others below
  RowAt at = RowAt::end;
  bool of_gathers = false;     ///< a column of gathers.csv
  bool less_is_worse = false;  ///< an accuracy or a cosine
  /// Of `accuracy_lost`: the accuracy of the same run without an adversary, known before measuring.
  std::optional<double> without_enemy = {};
  /// Instead of a metric, where there is one: of a finished run that has not diverged, the damage,
  /// not NaN. Called from any thread; what it throws ends the search.
  std::function<double(const Simulation&, const ServerModels&)> function = {};
};

/// "drift", "accuracy:min", "gathers.drift_before:max": a column of metrics.csv, or "gathers." and
/// one of gathers.csv, at the end of the run or its largest or smallest value; "descent_cosine",
/// of the angle between what a step did to a model and the mean honest gradient (the smallest of
/// the honest servers; 1: no damage); "accuracy_lost" against the same run without an adversary;
/// "broken_invariants", how often any was. Throws InputError.
Objective read_objective(const std::string& name);

/// Of a measure whether the smaller value is the worse one for the defenders: an accuracy, a cosine
/// of descent, the share of honest vectors that filters accept.
bool is_worse_when_less(const std::string& measure);

/// Everything that can be asked for without ":max" or ":min".
std::vector<std::string> objective_names();

/// The number, of a simulation that has been advanced as far as it goes and finished. Nothing where
/// the run has diverged (a recorded loss that is not finite), has no such value, or a function
/// finds it infinitely bad. `models` are for functions.
std::optional<double> measure(const Objective& objective, const Simulation& simulation,
                              const ServerModels& models = {});
/// Whether a recorded loss is not finite.
bool has_diverged(const Simulation& simulation);

/// The damage: the larger, the worse for the defenders; +infinity for a run without the value.
double harm_of(const Objective& objective, const std::optional<double>& value);

}  // namespace byzsim
