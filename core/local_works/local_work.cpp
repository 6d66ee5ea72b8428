#include "core/local_works/local_work.h"

namespace byzsim {

namespace local_works_list {
std::vector<LocalWorkEntry> all_local_works() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(LocalWorkEntry, name),
#include "core/local_works/local_works.def"
#undef STRATEGY
  };
}
}  // namespace local_works_list

const Table<LocalWorkEntry>& local_works() {
  static const Table<LocalWorkEntry> table(local_works_list::all_local_works());
  return table;
}

}  // namespace byzsim
