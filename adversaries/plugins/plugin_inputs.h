// The inputs of a call as they lie in memory that two processes share: one after the other, each at
// a multiple of 64 bytes. Who reads knows what was written.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace byzsim {

/// Collects where the inputs lie; they are copied once.
class InputsWriter {
 public:
  template <class T>
  void add(const T* values, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    parts_.emplace_back(values, count * sizeof(T));
    size_ += rounded(count * sizeof(T));
  }
  std::size_t size() const { return size_; }
  void write(std::byte* to) const {
    for (const auto& [from, bytes] : parts_) {
      if (bytes > 0) std::memcpy(to, from, bytes);
      to += rounded(bytes);
    }
  }
  static std::size_t rounded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

 private:
  std::vector<std::pair<const void*, std::size_t>> parts_;
  std::size_t size_ = 0;
};

class InputsReader {
 public:
  explicit InputsReader(const std::byte* from) : from_(from) {}
  template <class T>
  const T* next(std::size_t count) {
    const auto* values = reinterpret_cast<const T*>(from_);
    from_ += InputsWriter::rounded(count * sizeof(T));
    return values;
  }

 private:
  const std::byte* from_;
};

}  // namespace byzsim
