// The inputs of a call in memory that two processes share: one after the other, each at a multiple
// of 64 bytes. The reader knows what was written, and in which order.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace byzsim {

/// Collects the addresses of the inputs; they are copied once, by write().
class InputsWriter {
 public:
  /// `count` values, which must stay until write().
  template <class T>
  void add(const T* values, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    parts_.emplace_back(values, count * sizeof(T));
    size_ += rounded(count * sizeof(T));
  }
  /// Bytes that write() fills, padding included.
  std::size_t size() const { return size_; }
  /// Copies all inputs to memory that is aligned to 64 bytes.
  void write(std::byte* to) const {
    for (const auto& [from, bytes] : parts_) {
      if (bytes > 0) std::memcpy(to, from, bytes);
      to += rounded(bytes);
    }
  }
  /// The next multiple of 64, a cache line: vectors are as aligned as byzsim's own.
  static std::size_t rounded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

 private:
  std::vector<std::pair<const void*, std::size_t>> parts_;
  std::size_t size_ = 0;
};

/// Returns the inputs in the order in which they were added; the memory outlives them.
class InputsReader {
 public:
  explicit InputsReader(const std::byte* from) : from_(from) {}
  /// The next input, of the type and count with which it was added.
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
