// How much a client trains before it answers: its local steps of SGD. One file a kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/input/parameters.h"
#include "core/input/table.h"

namespace byzsim {

/// What the number of steps depends on beside the parameters.
struct LocalWorkInput {
  std::int64_t examples;    ///< of the client
  std::int64_t batch_size;  ///< both at least 1
  Stream stream;            ///< named by the client and the round
};

/// One kind; a pure function.
struct LocalWorkEntry {
  Declaration declaration;
  /// The local steps of a client in a round, at least 1.
  std::int64_t (*steps)(const Parameters& parameters, LocalWorkInput input);
  /// What is wrong with the parameters, as a sentence. Null when nothing can be.
  std::optional<std::string> (*problem)(const Parameters& parameters) = nullptr;
};

/// All kinds, in the order of local_works.def. The first, at its defaults, is one step.
const Table<LocalWorkEntry>& local_works();

}  // namespace byzsim
