// Every random number comes from a stream named by what it is for: (seed, purpose, identity,
// counter). There is no generator to share and no order of creation, so a draw depends on nothing
// but its name: removing a node or adding a metric moves no other draw.
//
// The stream is Philox4x32-10 (Salmon et al., SC 2011) in counter mode: the key is the seed, the
// 128-bit counter is (purpose 8 bits, identity 48, counter 40, block 32), all distinct by
// construction. The conversions below are ours, because those of the standard library differ
// between implementations.
#pragma once

#include <array>
#include <cstdint>

namespace byzsim {

/// What a stream is for. Values are part of every digest: never renumber, only append.
enum class Purpose : std::uint8_t {
  dataset = 1,
  partition = 2,
  initial_model = 3,
  batch = 4,
  delay = 5,
  compute_time = 6,
  attack = 7,
  aggregation = 8,
  fault = 10,
  quorum = 11,  ///< of a gather, by Monte Carlo
  link_period = 12,
  search = 14,  ///< of the worst case
  scheduler = 15,
  topology = 16,       ///< of a graph: its edges and who is Byzantine
  peers = 17,          ///< whom a node asks in a step
  compression = 18,    ///< of a vector that is sent (core/compressors/)
  participation = 19,  ///< which clients take part in a round
  local_work = 20,     ///< how many local steps a client makes in a round
  augmentation = 21,   ///< of the images of a batch
  batch_order = 22,    ///< of a worker's examples in a pass over them
  root_share = 23,     ///< the examples that a server holds itself
  root_batch = 24,     ///< of them, in a step
  validation = 25,     ///< the training examples that are held back
};

/// The draws under one name, one after the other. A value: a copy draws the same again.
class Stream {
 public:
  /// identity < 2^48, counter < 2^40.
  Stream(std::uint64_t seed, Purpose purpose, std::uint64_t identity, std::uint64_t counter);

  std::uint64_t bits();                     ///< 64 uniform bits
  double uniform();                         ///< in [0, 1), a multiple of 2^-53
  double uniform_open();                    ///< in (0, 1)
  double uniform(double low, double high);  ///< in [low, high]
  double normal();                          ///< mean 0, deviation 1: the quantile of uniform_open()
  double exponential();                     ///< mean 1, never infinite
  std::uint64_t below(std::uint64_t bound);  ///< in [0, bound), unbiased (Lemire); bound >= 1
  /// As after that many calls of bits(), at once: threads share the draws of one name.
  void skip(std::uint64_t draws);

 private:
  void refill();
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint64_t, 2> block_{};
  int left_ = 0;  // draws left in block_
};

}  // namespace byzsim
