// Which clients take part in a round of federated training. One file a way to draw them.
#pragma once

#include <cstdint>
#include <vector>

#include "core/exact/random.h"
#include "core/input/parameters.h"
#include "core/input/table.h"

namespace byzsim {

/// A client of a round.
struct Participant {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::uint32_t client;
  std::int64_t times = 1;  ///< how often it was drawn: more than once with replacement alone
  friend bool operator==(const Participant&, const Participant&) = default;
};

/// One way to draw them; a pure function of its parameters, the number of clients and the stream.
struct ParticipationEntry {
  Declaration declaration;
  /// Those of one round, each once, ascending; perhaps none. Time and memory grow with them, not
  /// with all `clients` >= 1, except where all take part.
  std::vector<Participant> (*draw)(const Parameters& parameters, std::int64_t clients,
                                   Stream stream);
  /// How many are drawn in each round, each as often as it is; the largest number where it varies.
  std::int64_t (*most)(const Parameters& parameters, std::int64_t clients);
};

/// All of them, in the order of participations.def. The first is that of a scenario without one.
const Table<ParticipationEntry>& participations();

/// `count` of 0 ... clients - 1 in one round, uniformly: without replacement (at most all of them),
/// or with.
std::vector<Participant> drawn_clients(std::int64_t count, bool replacement, std::int64_t clients,
                                       Stream& stream);

}  // namespace byzsim
