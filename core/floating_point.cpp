#include "core/floating_point.h"

#include <xmmintrin.h>

#include <cfloat>

#include "core/check.h"

#if defined(__FAST_MATH__)
#error "byzsim must not be compiled with -ffast-math: it reorders sums and flushes denormals"
#endif
static_assert(FLT_EVAL_METHOD == 0,
              "float and double expressions must round at their own precision");

namespace byzsim {
namespace {

constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040, kRoundingMask = 0x6000,
                   kDefault = 0x1f80, kMasked = 0x1f80;
constexpr unsigned kOldDefault = 0x037f, kOldSettings = 0x0f3f;  // of the x87 unit

unsigned old_control() {
  unsigned short word = 0;
  __asm__ volatile("fnstcw %0" : "=m"(word));
  return word;
}

}  // namespace

const char* floating_point_problem() {
  const unsigned mxcsr = _mm_getcsr();
  if (mxcsr & (kFlushToZero | kDenormalsAreZero))
    return "denormal numbers are flushed to zero in this process: a shared library built with "
           "-ffast-math switches that on; load byzsim without it";
  if (mxcsr & kRoundingMask) return "the rounding mode is not round-to-nearest";
  if ((mxcsr & kMasked) != kMasked) return "floating-point exceptions end the process";
  if ((old_control() & kOldSettings) != (kOldDefault & kOldSettings))
    return "the x87 unit has other settings than at the start";
  return nullptr;
}

std::optional<std::string> numeric_profile_problem() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("bmi2"))
    return std::string("this CPU lacks AVX2, FMA or BMI2, which the numeric profile ") +
           kNumericProfile + " needs";
  if (const char* problem = floating_point_problem()) return problem;
  return std::nullopt;
}

void reset_floating_point() {
  const unsigned short word = kOldDefault;
  __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(word));
  _mm_setcsr(kDefault);
}

void check_floating_point_environment() {
  const char* problem = floating_point_problem();
  BYZ_CHECK(problem == nullptr, problem);
}

}  // namespace byzsim
