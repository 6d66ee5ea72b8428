// What a shared library does as it is loaded when it is linked with -ffast-math by clang or by gcc
// before version 13 (their crtfastmath.o).
#include <xmmintrin.h>

namespace {

constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;

[[gnu::constructor]] void flush_denormals() {
  _mm_setcsr(_mm_getcsr() | kFlushToZero | kDenormalsAreZero);
}

}  // namespace
