// First inputs that depend on nothing but the task, all evaluated; then climbs from the worst of
// them, each by itself, so that they may run on any threads.
#include "adversaries/inputs/worst_inputs.h"

#include <algorithm>
#include <cmath>

#include "adversaries/inputs/input_changes.h"
#include "adversaries/inputs/input_shapes.h"

namespace byzsim {
namespace {

constexpr std::size_t kClimbs = 8;
constexpr std::size_t kAtOnce = 64;  // inputs that one thread evaluates one after the other

struct EvaluatedInputs {
  InputVectors inputs;
  WorstHonestSet worst;
  Finder finder;
  std::int64_t changes = 0;  // that a climb evaluated
};

void evaluate_inputs(const WorstInputsTask& task, std::vector<EvaluatedInputs>& all) {
  task.executor.for_each((all.size() + kAtOnce - 1) / kAtOnce, [&](std::size_t block) {
    const Executor this_thread(1);
    for (std::size_t i = block * kAtOnce; i < std::min(all.size(), (block + 1) * kAtOnce); ++i)
      all[i].worst = ratio_of(task, all[i].inputs, this_thread);
  });
}

// Inputs of the grid, and how wide it is.
std::vector<EvaluatedInputs> grid_part(const WorstInputsTask& task, std::int64_t& width) {
  width = grid_width(task.n, task.evaluations / 4);
  std::vector<EvaluatedInputs> all;
  if (width > 0)
    for (InputVectors& inputs : grid_inputs(task.n, task.dimension, width))
      all.push_back({std::move(inputs), {}, Finder::grid, 0});
  return all;
}

// The other coordinates are 0.
InputVectors with_more_coordinates(const InputVectors& few, std::size_t dimension) {
  BYZ_CHECK(few.dimension <= dimension, "inputs in fewer dimensions have no more coordinates");
  InputVectors inputs{dimension, std::vector<float>(few.n() * dimension)};
  for (std::size_t i = 0; i < few.n(); ++i) std::ranges::copy(few.at(i), inputs.at(i).begin());
  return inputs;
}

std::vector<EvaluatedInputs> fewer_part(const WorstInputsTask& task, const InputVectors& few) {
  return {{with_more_coordinates(few, task.dimension), {}, Finder::fewer, 0}};
}

// Inputs to begin with, by their number alone, and how many evaluations found them.
std::vector<EvaluatedInputs> first_part(const WorstInputsTask& task, WorstInputs& found) {
  if (task.in_fewer_dimensions != nullptr) return fewer_part(task, *task.in_fewer_dimensions);
  if (task.dimension == 1 || task.evaluations < 12) return grid_part(task, found.grid_width);
  const WorstInputs on_line = worst_inputs({task.aggregation, task.n, 1, task.coefficient,
                                            task.evaluations / 3, task.seed, task.executor});
  found.grid_width = on_line.grid_width;
  found.evaluations = on_line.evaluations;
  return fewer_part(task, on_line.inputs);
}

std::vector<EvaluatedInputs> drawn_part(const WorstInputsTask& task) {
  std::vector<EvaluatedInputs> all;
  const std::int64_t count = std::max<std::int64_t>(1, task.evaluations / 4);
  for (std::int64_t i = 0; i < count; ++i)
    all.push_back(
        {drawn_inputs(task.n, static_cast<std::size_t>(task.aggregation.f), task.dimension,
                      Stream(task.seed, Purpose::search, 1, static_cast<std::uint64_t>(i))),
         {},
         Finder::drawn,
         0});
  return all;
}

// The worst ones first, the earliest of equals; at most `count`, of different ratios.
std::vector<EvaluatedInputs> worst_ones(std::vector<EvaluatedInputs> all, std::size_t count) {
  std::stable_sort(all.begin(), all.end(), [](const EvaluatedInputs& a, const EvaluatedInputs& b) {
    return a.worst.value > b.worst.value;
  });
  const auto end = std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.worst.value == b.worst.value;
  });
  all.erase(end, all.end());
  if (all.size() > count) all.erase(all.begin() + static_cast<std::ptrdiff_t>(count), all.end());
  return all;
}

// Steps grow where a change is kept and shrink where it is not, and begin again where they have
// become too small for a float to change.
EvaluatedInputs climb_from(const WorstInputsTask& task, EvaluatedInputs best, std::int64_t count,
                           Stream stream) {
  const Executor this_thread(1);
  double step = widest_coordinate(best.inputs) / 4;
  std::int64_t changes = 0;
  for (; changes < count && !std::isinf(best.worst.value); ++changes) {
    task.executor.interruption_point();
    InputVectors changed = changed_inputs(best.inputs, step, stream);
    const WorstHonestSet worst = ratio_of(task, changed, this_thread);
    const double widest = widest_coordinate(best.inputs);
    if (worst.value > best.worst.value) {
      best = {std::move(changed), worst, Finder::climb, 0};
      step *= 1.5;
    } else {
      if (worst.value == best.worst.value) best.inputs = std::move(changed);
      step *= 0.97;
    }
    if (!(step > 1e-6 * widest)) step = widest / 4;
  }
  best.changes = changes;
  return best;
}

std::vector<EvaluatedInputs> climbs_from(const WorstInputsTask& task,
                                         std::vector<EvaluatedInputs> starts, std::int64_t count) {
  const std::int64_t each = count / static_cast<std::int64_t>(starts.size());
  task.executor.for_each(starts.size(), [&](std::size_t i) {
    starts[i] = climb_from(task, starts[i], each, Stream(task.seed, Purpose::search, 2, i));
  });
  return starts;
}

void keep_worst(WorstInputs& found, const std::vector<EvaluatedInputs>& all) {
  for (const EvaluatedInputs& each : all) {
    if (!found.inputs.values.empty() && !(each.worst.value > found.worst.value)) continue;
    found.inputs = each.inputs;
    found.worst = each.worst;
    found.finder = each.finder;
  }
}

}  // namespace

WorstHonestSet ratio_of(const WorstInputsTask& task, const InputVectors& inputs,
                        const Executor& executor) {
  // Beyond the floats a change has left what rules are defined for.
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(inputs.values.begin(), inputs.values.end(), finite)) return {};
  return worst_honest_set(inputs, output_of<double>(task.aggregation, inputs, task.seed, executor),
                          task.aggregation.f, task.coefficient, kRoundingShare<double>);
}

WorstInputs worst_inputs(const WorstInputsTask& task) {
  BYZ_CHECK(task.evaluations >= 1 && task.n >= 1, "a search evaluates inputs");
  WorstInputs found;
  std::vector<EvaluatedInputs> first = first_part(task, found), drawn;
  evaluate_inputs(task, first);
  keep_worst(found, first);
  found.evaluations += static_cast<std::int64_t>(first.size());
  if (std::isinf(found.worst.value)) return found;
  drawn = drawn_part(task);
  evaluate_inputs(task, drawn);
  keep_worst(found, drawn);
  found.evaluations += static_cast<std::int64_t>(drawn.size());
  if (std::isinf(found.worst.value)) return found;
  std::vector<EvaluatedInputs> starts = worst_ones(std::move(first), kClimbs / 2);
  for (EvaluatedInputs& each : worst_ones(std::move(drawn), kClimbs - starts.size()))
    starts.push_back(std::move(each));
  const std::int64_t left = task.evaluations - found.evaluations;
  const std::vector<EvaluatedInputs> ends = climbs_from(task, std::move(starts), left);
  keep_worst(found, ends);
  for (const EvaluatedInputs& each : ends) found.evaluations += each.changes;
  return found;
}

}  // namespace byzsim
