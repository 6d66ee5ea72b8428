#include "core/models/model.h"

namespace byzsim {

namespace models_list {
#define STRATEGY(name) ModelEntry name();
#include "core/models/models.def"
#undef STRATEGY
}  // namespace models_list

const Table<ModelEntry>& models() {
  static const Table<ModelEntry> table({
#define STRATEGY(name) models_list::name(),
#include "core/models/models.def"
#undef STRATEGY
  });
  return table;
}

}  // namespace byzsim
