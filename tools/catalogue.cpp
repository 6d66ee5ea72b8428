#include "tools/catalogue.h"

#include "adversaries/attack.h"
#include "core/dataset.h"
#include "core/model.h"
#include "core/partition.h"
#include "core/rate.h"
#include "core/rule.h"
#include "sim/delay.h"
#include "sim/protocol.h"

namespace byzsim {

std::vector<CatalogueEntry> catalogue() {
  std::vector<CatalogueEntry> entries;
  const auto add = [&](const std::string& kind, const std::vector<Declaration>& declarations) {
    for (const Declaration& declaration : declarations) entries.push_back({kind, declaration, ""});
  };
  add("protocols", protocols().declarations());
  for (const Rule& rule : rules())
    entries.push_back({"rules", rule.declaration, to_string(rule.proven)});
  add("attacks", attacks().declarations());
  add("models", models().declarations());
  add("data", datasets().declarations());
  add("partitions", partitions().declarations());
  add("rates", rates().declarations());
  add("delays", delays().declarations());
  return entries;
}

std::vector<std::string> catalogue_kinds() {
  std::vector<std::string> kinds;
  for (const CatalogueEntry& entry : catalogue())
    if (kinds.empty() || kinds.back() != entry.kind) kinds.push_back(entry.kind);
  kinds.push_back("scenarios");
  return kinds;
}

}  // namespace byzsim
