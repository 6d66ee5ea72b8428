#include "sim/nodes/patience.h"

#include <algorithm>

#include "core/input/archive.h"

namespace byzsim {
namespace {

std::set<std::uint32_t> missing_of(const std::vector<std::uint32_t>& neighbours,
                                   const std::vector<Heard>& heard) {
  std::set<std::uint32_t> missing(neighbours.begin(), neighbours.end());
  for (const Heard& each : heard) missing.erase(each.sender.index);
  return missing;
}

}  // namespace

bool Patience::waits_on(const std::vector<std::uint32_t>& neighbours,
                        const std::vector<Heard>& heard) const {
  if (!silent_) return false;
  const std::set<std::uint32_t> missing = missing_of(neighbours, heard);
  return std::any_of(missing.begin(), missing.end(),
                     [&](std::uint32_t neighbour) { return !silent_->contains(neighbour); });
}

void Patience::end_step(const std::vector<std::uint32_t>& neighbours,
                        const std::vector<Heard>& heard) {
  silent_ = missing_of(neighbours, heard);
}

void Patience::walk(Archive& archive) { archive.all(*this, silent_); }

}  // namespace byzsim
