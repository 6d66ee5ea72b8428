// One gather among replicas on a line, as exactly as it can be computed: how much of the honest
// servers' diameter a median leaves (El-Mhamdi et al., PODC 2020: DMC contracts in expectation over
// random quorums). Every honest server receives a quorum of q of the n servers, draws it
// independently, and moves to the median of what it receives. The adversary sees all quorums and
// sends to each receiver what it likes, so that the new diameter is largest.
//
// What a receiver can be made to adopt is an interval: the median never falls when one value rises
// and does so without jumps. Its ends come from sending -infinity, or +infinity, from every
// Byzantine server, and since a diameter is largest where every position is at an end of its
// interval, no split of the Byzantine values and no value in between is ever worse.
//
// The convention of the median matters, because q = 2f + 2 is even: the mean of the two middles is
// the default; PyTorch takes the lower one, the native code of Garfield (DSN 2021) the upper one.
#pragma once

#include <cstdint>
#include <vector>

#include "core/input/issue.h"
#include "core/kernels/order_statistics.h"

namespace byzsim {

/// How a receiver's quorum of q comes about.
enum class QuorumLaw {
  uniform,             ///< any q of the n servers, equally likely
  byzantine_first,     ///< every Byzantine server and any q - f of the honest ones
  byzantine_first_own  ///< every Byzantine server, the receiver itself, any q - f - 1 other correct
};

/// A gather about to happen.
struct Gather {
  /// Of the honest servers, ascending, each an even number, so that the mean of two is whole.
  std::vector<std::int64_t> positions;
  std::int64_t byzantine = 0;  ///< f, all of them Byzantine
  std::int64_t quorum = 0;     ///< q
  QuorumLaw law = QuorumLaw::uniform;
  Middle middle = Middle::mean;

  std::int64_t correct() const { return static_cast<std::int64_t>(positions.size()); }
  std::int64_t servers() const { return correct() + byzantine; }
  std::int64_t diameter() const { return positions.back() - positions.front(); }
};

/// More honest servers than this are refused.
constexpr std::int64_t kMostGathered = 200;

/// What is wrong with a gather: 2f + 1 <= q <= n - f, two different positions, not too many. The
/// places are the options of `byzsim contraction`. The functions below want none of it.
Issues problems_of(const Gather& gather);

/// How far apart positions can be put when each receiver has an interval of its own: all lie in
/// [low, high], and no two of them, of two receivers, are further apart than `diameter`.
struct Reach {
  std::int64_t high;
  std::int64_t low;
  std::int64_t diameter;
  friend auto operator<=>(const Reach&, const Reach&) = default;
};

/// The most that quorums and Byzantine values can do together; both ends and the diameter are
/// reached. For honest servers at 1, 2, 3, 4, f = 1 and q = 4 the new diameter is 2 (the example of
/// the talk of PODC 2020, slides 11-12).
Reach worst_reach(const Gather& gather);

__extension__ using Count = unsigned __int128;

/// A ratio in lowest terms.
struct Fraction {
  Count numerator;
  Count denominator;
  double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
};

/// The expected new diameter over the old, exactly. Throws InputError when the combinations of
/// quorums are too many to be counted in 127 bits.
Fraction expected_ratio(const Gather& gather);

/// A sampled mean, with the half width of its 95 % confidence interval (normal approximation).
struct Estimate {
  double mean;
  double half_width;
};

/// The same ratio from `samples` (>= 2) gathers, a pure function of the seed.
Estimate sampled_ratio(const Gather& gather, std::int64_t samples, std::uint64_t seed);

}  // namespace byzsim
