#include "core/datasets/dataset.h"

#include <utility>

#include "core/exact/digest.h"

namespace byzsim {

namespace datasets_list {
std::vector<DatasetEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(DatasetEntry, name),
#include "core/datasets/datasets.def"
#undef STRATEGY
  };
}
}  // namespace datasets_list

namespace {

Table<DatasetEntry>& dataset_table() {
  static Table<DatasetEntry> table(datasets_list::all());
  return table;
}

}  // namespace

const Table<DatasetEntry>& datasets() { return dataset_table(); }

void add_dataset(DatasetEntry dataset) { dataset_table().add(std::move(dataset)); }

std::uint64_t digest_of(const Dataset& dataset) {
  Digest digest;
  // The shape first: the same values in rows of another length are another set.
  digest.add({dataset.features, dataset.classes});
  for (const Examples* part : {&dataset.train, &dataset.test}) {
    digest.add({part->count(), part->features.digest()});
    digest.add(std::string_view(reinterpret_cast<const char*>(part->labels.data()),
                                part->labels.size() * sizeof(std::int32_t)));
    if (!part->targets.empty()) digest.add({digest_of(part->targets)});
  }
  return digest.value();
}

}  // namespace byzsim
