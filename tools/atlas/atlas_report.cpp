#include "tools/atlas/atlas_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/issue.h"
#include "core/input/strategy_names.h"

namespace byzsim {

void offer_atlas(CommandOptions& options, std::string& atlas) {
  options.text("--atlas DIR", atlas,
               fmt::format("Directory of the atlas [default: {}]", kAtlasDirectory));
}

AtlasTable require_cells(const std::filesystem::path& atlas) {
  AtlasTable table = read_cells(atlas);
  if (table.empty())
    throw InputError(
        {(atlas / "cells.csv").string(), "no such file, or no cell in it",
         "build the atlas (byzsim atlas build), or give its directory by --atlas DIR"});
  return table;
}

std::string summary_of_atlas(const AtlasTable& table) {
  std::size_t beaten = 0;
  double sum = 0, most = 0;
  const AtlasRow* where = nullptr;
  for (const auto& [key, row] : table) {
    if (!is_worse(row.worst, row.hand_written_value)) continue;
    ++beaten;
    const double gain = accuracy_of(row.hand_written_value) - accuracy_of(row.worst);
    sum += gain;
    if (where != nullptr && gain <= most) continue;
    most = gain;
    where = &row;
  }
  std::string text = fmt::format(
      "{} cells; in {} of them searches found worse than every "
      "hand-written attack with default parameters\n",
      table.size(), beaten);
  if (where == nullptr) return text;
  return text +
         fmt::format("  by {:.1f} points of accuracy on average, at most {:.1f} ({} in {})\n",
                     100 * sum / double(beaten), 100 * most, where->key.rule_text(),
                     where->key.setting);
}

std::string rule_called(const std::string& asked, const std::string& option,
                        const std::vector<Declaration>& among) {
  if (const Declaration* meant = find_called(among, asked)) return meant->name;
  const bool is_list = asked.find(',') != std::string::npos;
  throw InputError({option, "unknown rule '" + asked + "'",
                    is_list ? "give one rule with each " + option : choose_among(among, asked)});
}

std::vector<RankedRule> ranked(std::vector<RankedRule> rules) {
  std::stable_sort(rules.begin(), rules.end(), [](const RankedRule& a, const RankedRule& b) {
    return a.mean != b.mean ? a.mean > b.mean : a.is_new < b.is_new;
  });
  return rules;
}

}  // namespace byzsim
