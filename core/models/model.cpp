#include "core/models/model.h"

#include <utility>

namespace byzsim {

namespace models_list {
std::vector<ModelEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(ModelEntry, name),
#include "core/models/models.def"
#undef STRATEGY
  };
}
}  // namespace models_list

namespace {

Table<ModelEntry>& model_table() {
  static Table<ModelEntry> table(models_list::all());
  return table;
}

}  // namespace

const Table<ModelEntry>& models() { return model_table(); }

void add_model(ModelEntry model) { model_table().add(std::move(model)); }

}  // namespace byzsim
