#include "tests/bench/allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

#include "core/machine/aligned_block.h"

namespace {

std::atomic<std::uint64_t> calls{0}, bytes{0};

void* counted(void* block, std::size_t size) {
  if (block == nullptr) throw std::bad_alloc();
  calls.fetch_add(1, std::memory_order_relaxed);
  bytes.fetch_add(size, std::memory_order_relaxed);
  return block;
}

}  // namespace

void* operator new(std::size_t size) { return counted(byzsim::aligned_block(size), size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit), size);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }

namespace byzsim::bench {

Allocations allocations_so_far() {
  const struct mallinfo2 info = mallinfo2();
  return {calls.load(), bytes.load(), info.arena + info.hblkhd};
}

}  // namespace byzsim::bench
