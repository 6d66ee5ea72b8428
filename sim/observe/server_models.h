// The models that servers hold, as the events of a run show them.
#pragma once

#include <cstdint>
#include <map>

#include "sim/observe/occurrence.h"

namespace byzsim {

/// The latest model of each server; Byzantine ones hold what an honest one in their place would.
using ServerModels = std::map<std::uint32_t, Adopt>;

/// Notes the models that servers took on in an event.
inline void keep_models(const Occurrence& occurrence, ServerModels& models) {
  for (const Deed& deed : occurrence.deeds)
    if (const auto* each = std::get_if<Adopted>(&deed))
      if (each->node.role == Role::server) models[each->node.index] = each->adopt;
}

}  // namespace byzsim
