#include "tools/import/sweep_draft.h"

#include <algorithm>

namespace byzsim {
namespace {

Json axis_json(const SweepLine& line) {
  return {{"name", line.column}, {"pointer", line.pointer}, {"values", line.values}};
}

bool varies(const SweepLine& line) {
  return std::any_of(line.values.begin(), line.values.end(),
                     [&](const Json& each) { return each != line.values.front(); });
}

}  // namespace

void SweepDraft::set(const std::string& pointer, const Json& value) {
  scenario[Json::json_pointer(pointer)] = value;
}

void SweepDraft::add_line(const SweepLine& line) { add_zip({line}); }

void SweepDraft::add_zip(const std::vector<SweepLine>& lines) {
  points *= static_cast<std::int64_t>(lines.front().values.size());
  Json zip = Json::array();
  for (const SweepLine& line : lines) {
    set(line.pointer, line.values.front());
    if (varies(line)) zip.push_back(axis_json(line));
  }
  if (zip.size() == 1) axes.push_back(zip.front());
  if (zip.size() > 1) axes.push_back({{"zip", zip}});
}

void SweepDraft::add_variants(const std::string& column,
                              const std::vector<LabelledChanges>& variants) {
  for (const auto& [pointer, value] : variants.front().second.items()) set(pointer, value);
  points *= static_cast<std::int64_t>(variants.size());
  if (variants.size() == 1) return;
  Json labelled = Json::object();
  for (const auto& [label, changes] : variants) labelled[label] = {{"set", changes}};
  axes.push_back({{"name", column}, {"variants", labelled}});
}

}  // namespace byzsim
