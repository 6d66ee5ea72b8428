// n vectors of random floats in one large mapping, none at the same page offset as its neighbours:
// equal offsets share cache sets and halve the speed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace byzsim::bench {

class StaggeredVectors {
 public:
  /// Values are spread evenly over [-1, 1), always the same ones.
  StaggeredVectors(std::size_t n, std::size_t dimension);
  ~StaggeredVectors();
  StaggeredVectors(const StaggeredVectors&) = delete;
  StaggeredVectors& operator=(const StaggeredVectors&) = delete;

  std::span<const float* const> pointers() const { return pointers_; }
  std::size_t dimension() const { return dimension_; }
  std::size_t bytes() const { return pointers_.size() * dimension_ * sizeof(float); }

 private:
  std::size_t dimension_;
  void* mapping_;
  std::vector<const float*> pointers_;
};

}  // namespace byzsim::bench
