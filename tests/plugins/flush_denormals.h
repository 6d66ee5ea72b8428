// Sets this thread to flush denormal numbers to zero.
#pragma once

#if defined(__aarch64__)
#include <cstdint>

inline void flush_denormals() {
  std::uint64_t control = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | 1u << 24));
}
#else
#include <xmmintrin.h>

inline void flush_denormals() { _mm_setcsr(_mm_getcsr() | 0x8040); }
#endif
