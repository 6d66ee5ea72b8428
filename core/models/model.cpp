#include "core/models/model.h"

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

const Table<ModelEntry>& models() {
  static const Table<ModelEntry> table(models_list::all());
  return table;
}

}  // namespace byzsim
