#include "sim/observe/digest_index.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {

LayerValues values_of(const RunDigest& digest) {
  return {digest.schedule.value(), digest.messages.value(), digest.draws.value(),
          digest.models.value()};
}

void DigestIndex::add(std::uint64_t event, const RunDigest& digest) {
  BYZ_CHECK(rows_.empty() || rows_.back().event < event, "events are numbered upwards");
  rows_.push_back({event, values_of(digest)});
  if (rows_.size() < kMostRows) return;
  spacing_ *= 2;
  // Which rows stay depends on their events alone, so that runs of different lengths keep
  // comparable ones.
  std::erase_if(rows_, [&](const DigestRow& row) { return row.event % spacing_ != 0; });
}

std::vector<std::string> digest_columns() {
  std::vector<std::string> columns = {"event"};
  columns.insert(columns.end(), kEventLayers.begin(), kEventLayers.end());
  return columns;
}

std::string digests_to_csv(const std::vector<DigestRow>& rows) {
  std::string csv = fmt::format("{}\n", fmt::join(digest_columns(), ","));
  for (const DigestRow& row : rows)
    csv += fmt::format("{},{:016x}\n", row.event, fmt::join(row.layers, ","));
  return csv;
}

void DigestIndex::walk(Archive& archive) { archive.all(*this, spacing_, rows_); }

}  // namespace byzsim
