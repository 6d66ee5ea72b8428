// Vectors that wait: on their way, kept by nodes for later steps, or for a row of metrics. What no
// quorum can use any more is dropped, and what nodes that lag will still need goes to disk above a
// limit. Neither changes what happens.
//
// A vector is dropped by taking its values from its message; the message itself still arrives, is
// counted, and is refused for the same reason as before.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "sim/network/faults/fault.h"
#include "sim/run/future.h"
#include "sim/run/machines.h"
#include "sim/run/vector_store.h"

namespace byzsim {

class Archive;

/// How much waits, and has waited.
struct WaitingTotals {
  static constexpr std::size_t kFields = 5;  // of an archive
  std::uint64_t in_memory = 0;               ///< bytes, when they were looked through last
  std::uint64_t messages = 0;                ///< on their way then
  std::uint64_t dropped = 0;  ///< messages whose vectors no quorum could use any more
  std::uint64_t most_in_memory = 0, most_stored = 0;  ///< bytes, over the run
};

/// The accounts of waiting vectors, and what to do about them.
class WaitingVectors {
 public:
  /// `limit`: bytes in memory, roughly; what is needed latest goes to disk above it.
  explicit WaitingVectors(std::uint64_t limit) : limit_(limit) {}
  void keep_in_memory(std::uint64_t bytes) { limit_ = bytes; }
  const WaitingTotals& totals() const { return totals_; }

  /// A message has been sent.
  void sent(const Message& message);
  /// Whether enough were sent for it to be time to look through all that waits: once as many as
  /// were waiting, so that each is looked at a few times only.
  bool is_time() const;

  /// Where vectors wait.
  struct Places {
    Future& future;
    const Machines& machines;
    const std::vector<Fault>& faults;
    bool in_order;  ///< messages arrive in the order of their planned times
    /// Visits what nodes, rows of metrics and the adversary keep.
    std::function<void(const PayloadVisit&)> each_kept;
  };
  void look_through(Places places);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  struct InFlight;
  void drop(Planned& planned);
  void drop_beyond_quorums(std::vector<InFlight>& waiting, const Places& places);
  void store(std::vector<InFlight>& waiting, const Places& places);
  void put(Payload& payload, std::map<const float*, Payload>& stored);

  std::uint64_t limit_;
  WaitingTotals totals_;
  std::uint64_t sent_vectors_ = 0, sent_bytes_ = 0;  // since they were looked through last
  std::shared_ptr<VectorStore> store_;               // shared by copies
};

}  // namespace byzsim
