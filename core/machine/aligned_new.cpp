// Replaces operator new in the programs that this is linked into, so that every std::vector of
// floats begins at a cache line. No type has to name an allocator for it. Address sanitizers have
// an operator new of their own, which remembers how each block was made.

#include <cstdlib>
#include <new>

#include "core/machine/aligned_block.h"

#if defined(__has_feature)
#define BYZSIM_HAS_FEATURE(name) __has_feature(name)
#else
#define BYZSIM_HAS_FEATURE(name) 0
#endif

#if !defined(__SANITIZE_ADDRESS__) && !BYZSIM_HAS_FEATURE(address_sanitizer)

void* operator new(std::size_t size) {
  // Blocks of no bytes have addresses of their own.
  while (true) {
    if (void* const block = byzsim::aligned_block(size > 0 ? size : 1)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

#endif
