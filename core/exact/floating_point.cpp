// Read from the control registers where the processor is known, and found by trying elsewhere:
// std::fegetround alone says nothing of denormals.

#include "core/exact/floating_point.h"

#include <cfloat>
#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif !defined(__aarch64__)
#include <cfenv>
#endif

#include "core/check.h"

#if defined(__FAST_MATH__)
#error "byzsim must not be compiled with -ffast-math: it reorders sums and flushes denormals"
#endif
static_assert(FLT_EVAL_METHOD == 0,
              "float and double expressions must round at their own precision");

namespace byzsim {
namespace {

constexpr const char* kFlushes =
    "denormal numbers are flushed to zero in this process: a shared library built with "
    "-ffast-math switches that on; load byzsim without it";
constexpr const char* kRounds = "the rounding mode is not round-to-nearest";
constexpr const char* kTraps = "floating-point exceptions end the process";

// aarch64 always has fused multiply-adds, and scalar lanes ask for nothing.
const char* processor_problem() {
#if defined(__x86_64__) && defined(__AVX2__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("bmi2"))
    return "this CPU lacks AVX2, FMA or BMI2, which this program was built for; build it with "
           "-DBYZSIM_LANES=scalar";
#endif
  return nullptr;
}

}  // namespace

#if defined(__x86_64__)

constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040, kRoundingMask = 0x6000,
                   kDefault = 0x1f80, kMasked = 0x1f80;
constexpr unsigned kOldDefault = 0x037f, kOldSettings = 0x0f3f;  // of the x87 unit

static unsigned old_control() {
  unsigned short word = 0;
  __asm__ volatile("fnstcw %0" : "=m"(word));
  return word;
}

const char* floating_point_problem() {
  // SSE's register, which all float and double arithmetic of x86-64 obeys.
  const unsigned mxcsr = _mm_getcsr();
  if (mxcsr & (kFlushToZero | kDenormalsAreZero)) return kFlushes;
  if (mxcsr & kRoundingMask) return kRounds;
  if ((mxcsr & kMasked) != kMasked) return kTraps;
  if ((old_control() & kOldSettings) != (kOldDefault & kOldSettings))
    return "the x87 unit has other settings than at the start";
  return nullptr;
}

void reset_floating_point() {
  const unsigned short word = kOldDefault;
  __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(word));
  _mm_setcsr(kDefault);
}

#elif defined(__aarch64__)

// Of the FPCR: FZ and FIZ flush denormals, two bits round, and six trap exceptions.
constexpr std::uint64_t kFlush = 1u << 24 | 1u << 0, kRounding = 3u << 22,
                        kTrapped = 1u << 15 | 0x1fu << 8;

const char* floating_point_problem() {
  std::uint64_t control = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  if (control & kFlush) return kFlushes;
  if (control & kRounding) return kRounds;
  if (control & kTrapped) return kTraps;
  return nullptr;
}

void reset_floating_point() { __asm__ volatile("msr fpcr, %0" : : "r"(std::uint64_t{0})); }

#else

const char* floating_point_problem() {
  volatile double least = DBL_MIN;
  if (least / 2 == 0) return kFlushes;
  if (std::fegetround() != FE_TONEAREST) return kRounds;
  return nullptr;
}

void reset_floating_point() { std::fesetenv(FE_DFL_ENV); }

#endif

std::optional<std::string> numeric_profile_problem() {
  if (const char* problem = processor_problem()) return problem;
  if (const char* problem = floating_point_problem()) return problem;
  return std::nullopt;
}

void check_floating_point_environment() {
  const char* problem = floating_point_problem();
  BYZ_CHECK(problem == nullptr, problem);
}

}  // namespace byzsim
