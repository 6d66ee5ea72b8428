// BYZ_CHECK: programmer errors. Stays on in every build. Mistakes of users are Issues (issue.h).
#pragma once

#include <stdexcept>
#include <string>

namespace byzsim {

/// A broken promise inside the program. Reaches the user as "internal error", exit code 1.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws; apart from the macro, so that a check costs a comparison and a jump where it holds.
[[noreturn]] inline void fail_check(const char* condition, const char* file, int line,
                                    const std::string& sentence) {
  throw InternalError(std::string(file) + ":" + std::to_string(line) + ": " + sentence + " (" +
                      condition + ")");
}

}  // namespace byzsim

/// Throws InternalError with the sentence unless the condition holds.
#define BYZ_CHECK(condition, sentence)                                \
  do {                                                                \
    if (!(condition)) [[unlikely]]                                    \
      ::byzsim::fail_check(#condition, __FILE__, __LINE__, sentence); \
  } while (false)
