// Vectors that were used, for the next ones of their length: to make a vector fills it with zeros,
// which costs about as much as to write what it is for.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

namespace byzsim {

/// Keeps what it is given while vectors of that length are asked for. Safe on any thread.
class SpareVectors {
 public:
  /// A vector of that size. Its values are whatever they were: all are to be written before any is
  /// read.
  std::vector<float> take(std::size_t size);
  void give_back(std::vector<float>&& vector);

 private:
  std::mutex mutex_;
  std::vector<std::vector<float>> spare_;  // all of one length, that of the last one
};

}  // namespace byzsim
