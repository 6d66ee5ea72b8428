#include "tools/sweep/best_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/input/issue.h"
#include "tools/input/in_order.h"

namespace byzsim {
namespace {

using Texts = std::vector<std::string>;

struct SumsAtStep {
  double value = 0, accuracy = 0;
};

// Of the runs of one attack.
struct SeedSums {
  std::set<std::string> seeds;
  std::map<std::int64_t, SumsAtStep> steps;
};

using ByAttack = InOrder<Texts, SeedSums>;
using ByChoice = InOrder<Texts, ByAttack>;
using ByCell = InOrder<Texts, ByChoice>;

std::size_t place_of_column(const CsvTable& table, const std::string& name) {
  const auto place = table.column(name);
  BYZ_CHECK(place.has_value(), "curves have the column " + name);
  return *place;
}

std::vector<std::size_t> places_of_columns(const CsvTable& table, const Texts& names) {
  std::vector<std::size_t> places;
  for (const std::string& name : names) places.push_back(place_of_column(table, name));
  return places;
}

Texts cells_at(const Texts& row, const std::vector<std::size_t>& places) {
  Texts cells;
  for (const std::size_t place : places) cells.push_back(row[place]);
  return cells;
}

ByCell sums_of(const CsvTable& curves, const AxisRoles& roles, const std::string& metric) {
  const auto cell = places_of_columns(curves, roles.cell),
             choice = places_of_columns(curves, roles.choice),
             attack = places_of_columns(curves, roles.attack);
  const std::size_t seed = place_of_column(curves, "seed"), step = place_of_column(curves, "step"),
                    value = place_of_column(curves, metric),
                    accuracy = place_of_column(curves, "accuracy");
  ByCell sums;
  bool defined = false;
  for (const Texts& row : curves.rows) {
    SeedSums& runs = sums[cells_at(row, cell)][cells_at(row, choice)][cells_at(row, attack)];
    runs.seeds.insert(row[seed]);
    const auto number = number_in(row[value]);
    defined = defined || number;
    SumsAtStep& at_step = runs.steps[static_cast<std::int64_t>(number_in(row[step]).value_or(0))];
    at_step.value += number.value_or(0);
    at_step.accuracy += number_in(row[accuracy]).value_or(0);
  }
  if (!defined)
    throw InputError({metric, "is empty in every run",
                      metric == "accuracy" ? "take a model that predicts classes"
                                           : "set /data/validation, or take --metric accuracy"});
  return sums;
}

AttackPeak peak_of(const Texts& attack, const SeedSums& runs) {
  const auto count = static_cast<double>(runs.seeds.size());
  AttackPeak peak{attack, 0, -1, 0};
  for (const auto& [step, sums] : runs.steps)
    if (sums.value / count > peak.value)
      peak = {attack, step, sums.value / count, sums.accuracy / count};
  return peak;
}

BestChoice choice_of(const Texts& cell, const Texts& choice, const ByAttack& attacks) {
  BestChoice made{cell, choice, {}, 0};
  for (const auto& [attack, runs] : attacks) made.peaks.push_back(peak_of(attack, runs));
  const auto least =
      std::min_element(made.peaks.begin(), made.peaks.end(),
                       [](const AttackPeak& a, const AttackPeak& b) { return a.value < b.value; });
  made.worst = static_cast<std::size_t>(least - made.peaks.begin());
  return made;
}

bool changes_only(const Axis& axis, const std::string& place) {
  bool any = false;
  for (const Position& position : axis.positions) {
    if (position.scenario) return false;
    for (const Change& change : position.changes) {
      if (!change.pointer.starts_with(place + "/")) return false;
      any = true;
    }
  }
  return any;
}

// "2 stalled", and a comma before it unless it is the first.
void add_count(std::string& text, std::ptrdiff_t count, const char* what) {
  if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
}

}  // namespace

bool BestChoice::any_is_worst() const {
  return peaks.size() > 1 && std::all_of(peaks.begin(), peaks.end(), [&](const AttackPeak& each) {
           return each.value == value();
         });
}

AxisRoles roles_of(const std::vector<Axis>& axes) {
  AxisRoles roles;
  for (const Axis& axis : axes) {
    Texts& names = changes_only(axis, "/optimizer")   ? roles.choice
                   : changes_only(axis, "/adversary") ? roles.attack
                                                      : roles.cell;
    names.insert(names.end(), axis.columns.begin(), axis.columns.end());
  }
  return roles;
}

std::vector<BestChoice> best_choices(const CsvTable& curves, const AxisRoles& roles,
                                     const std::string& metric) {
  const ByCell sums = sums_of(curves, roles, metric);
  std::vector<BestChoice> best;
  for (const auto& [cell, choices] : sums) {
    bool first = true;
    for (const auto& [choice, attacks] : choices) {
      BestChoice made = choice_of(cell, choice, attacks);
      if (first)
        best.push_back(std::move(made));
      else if (made.value() > best.back().value())
        best.back() = std::move(made);
      first = false;
    }
  }
  return best;
}

std::string early_ends_text(const CsvTable& summary) {
  const std::size_t status = place_of_column(summary, "status");
  const auto count = [&](const char* word) {
    return std::count_if(summary.rows.begin(), summary.rows.end(),
                         [&](const Texts& row) { return row[status] == word; });
  };
  std::string counts;
  add_count(counts, count("diverged"), "diverged");
  add_count(counts, count("stalled"), "stalled");
  add_count(counts, count("out_of_time"), "ran out of time");
  if (counts.empty()) return "";
  return fmt::format(
      "of {} runs {}: a step that a run did not reach, or reached without an accuracy, counts as 0",
      summary.rows.size(), counts);
}

CsvTable table_of_best(const std::vector<BestChoice>& best, const AxisRoles& roles) {
  CsvTable table;
  for (const Texts* names : {&roles.cell, &roles.choice, &roles.attack})
    table.columns.insert(table.columns.end(), names->begin(), names->end());
  table.columns.insert(table.columns.end(), {"step", "value", "accuracy", "worst"});
  for (const BestChoice& each : best)
    for (std::size_t i = 0; i < each.peaks.size(); ++i) {
      const AttackPeak& peak = each.peaks[i];
      Texts row = each.cell;
      row.insert(row.end(), each.choice.begin(), each.choice.end());
      row.insert(row.end(), peak.attack.begin(), peak.attack.end());
      row.insert(row.end(), {std::to_string(peak.step), fmt::format("{}", peak.value),
                             fmt::format("{}", peak.accuracy), i == each.worst ? "1" : "0"});
      table.rows.push_back(std::move(row));
    }
  return table;
}

}  // namespace byzsim
