// A sweep: one scenario, axes along which it changes, and seeds. A value without files: every
// scenario stands inside. Its plan lists the runs; a run's scenario follows from its index.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"
#include "tools/input/input_files.h"
#include "tools/input/scenario_source.h"

namespace byzsim {

/// One position of an axis: what it makes of the scenario.
struct Position {
  std::vector<Json> shown;         ///< what tables show, one for each column of the axis
  std::optional<Json> scenario{};  ///< takes the place of the sweep's scenario
  std::vector<Change> changes{};
};

/// Columns and positions in the order of the file; each position shows a value in each column.
struct Axis {
  std::vector<std::string> columns;  ///< one; as many as are zipped together
  std::vector<Position> positions;
  bool of_values = false;  ///< rather than of labelled variants
};

/// Keeps the points where `column` `relation` times * right + plus, right being another column or a
/// value. Numbers, durations and rates compare by size; other values only by "=" and "!=".
struct Condition {
  std::size_t column = 0;
  std::string relation;
  std::optional<std::size_t> other;
  Json value;  ///< without `other`
  double times = 1, plus = 0;
};

/// Read and checked, but for what only a whole scenario shows (plan_of).
struct Sweep {
  std::string name;
  std::string summary;
  Json scenario;  ///< with the sweep's own changes applied
  std::vector<Axis> axes;
  std::vector<Condition> where;
  std::int64_t repeat = 1;  ///< seeds a position: that of the scenario, the next, ...
  std::vector<std::filesystem::path> folders;  ///< where relative paths of axes may begin
};

/// One run of a sweep.
struct Point {
  std::uint64_t index = 0;   ///< among all combinations, those that `where` drops too
  std::string id;            ///< of its scenario; equal for points that are the same run
  std::uint64_t seed = 0;    ///< of its scenario
  std::vector<Json> values;  ///< by column
};

/// The runs of a sweep in the order of its axes, the last fastest, seeds innermost.
struct Plan {
  std::vector<std::string> columns;
  std::vector<Point> points;
  std::vector<InputFile> inputs = {};  ///< of all runs, each once
};

/// Reads a sweep whose scenarios stand inside. Throws InputError with all mistakes at once, each
/// with its JSON pointer.
Sweep read_sweep(const Json& json);

/// JSON schema (2020-12) of sweep files. Everything that read_sweep takes, the scenario's own
/// schema included.
Json sweep_schema();

/// Every point that `where` keeps, its scenario read and checked. Throws InputError with all
/// mistakes of all points, and for two values of an axis that always make the same run.
Plan plan_of(const Sweep& sweep);

/// A note where points of the plan are the same run, which then has a row for each of them.
Notes notes_of(const Plan& plan);

/// The scenario of the point with that index, resolved and checked, with the digests of the files
/// that it reads now. Throws InputError.
Scenario scenario_of(const Sweep& sweep, std::uint64_t index, InputFiles& files);

/// A value as tables, figures and messages show it: texts bare, everything else as JSON.
std::string shown(const Json& value);

/// "z=0.5, T=10, seed 3".
std::string describe(const Plan& plan, const Point& point);

}  // namespace byzsim
