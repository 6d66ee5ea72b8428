// The two filters of Kardam (Damaskinos et al., ICML 2018), as we understand them.
//
// Lipschitz filter. A worker's coefficient is K = ||g - g'|| / ||x - x'||: g its gradient at the
// model x, and g' the one it sent before, at x'. A gradient passes when its K is at most the (n -
// f)/n quantile of all workers' latest coefficients: the (m - f)th smallest of the m known ones,
// which is never above the largest K of an honest worker. Where the model has not moved since the
// worker's last gradient (at the start, and after a rejection) there is no K, and the norm of the
// gradient is judged against the workers' latest norms in the same way.
//
// Frequency filter. Of 2f + 1 consecutive accepted updates no f workers may have made more than f.
// If a worker had made two of them, it and f - 1 others would have made f + 1; so a worker is
// refused while one of the last 2f accepted updates is its own. At least f + 1 of any 2f + 1 are
// then by honest workers, however fast the Byzantine ones answer.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sim/world/payload.h"

namespace byzsim {

class Archive;

/// Both filters of one server, with what they remember of every worker.
class KardamFilter {
 public:
  /// n workers of which f may be Byzantine; n > 3f unless the scenario is unsafe (ICML 2018).
  KardamFilter(std::int64_t n, std::int64_t f);

  /// Judges the gradient that a worker computed at `model`; waits for both. Without values only the
  /// frequency filter acts.
  bool accepts(std::uint32_t worker, const Payload& model, const Payload& gradient);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  using Latest = std::vector<std::optional<double>>;  // by worker
  struct Heard {
    static constexpr std::size_t kFields = 2;  // of an archive
    Payload model, gradient;
  };
  bool is_smooth(std::uint32_t worker, const Payload& model, const Payload& gradient);
  bool is_rare(std::uint32_t worker);
  bool within_quantile(double value, const Latest& latest) const;

  std::size_t f_;
  std::vector<Heard> heard_;  // from each worker last
  Latest coefficients_, norms_;
  std::deque<std::uint32_t> accepted_;  // who made the last 2f updates
};

}  // namespace byzsim
