// What a shared library does as it is loaded when it is linked with -ffast-math by clang or by gcc
// before version 13 (their crtfastmath.o).
#include "tests/plugins/flush_denormals.h"

namespace {

[[gnu::constructor]] void flush_when_loaded() { flush_denormals(); }

}  // namespace
