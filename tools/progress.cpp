#include "tools/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace byzsim {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{200};
constexpr std::chrono::seconds kElsewhere{10};

}  // namespace

Progress::Progress(std::string name, std::int64_t steps, bool quiet)
    : name_(std::move(name)),
      steps_(steps),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      next_(start_ + (terminal_ ? Clock::duration(kOnTerminal) : Clock::duration(kElsewhere))) {}

Progress::~Progress() {
  if (shown_ && terminal_) fmt::print(stderr, "\r\x1b[K");  // clears the line
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Progress::show(std::int64_t step) {
  if (quiet_ || Clock::now() < next_) return;
  next_ = Clock::now() + (terminal_ ? Clock::duration(kOnTerminal) : Clock::duration(kElsewhere));
  const double left = step > 0 ? seconds() / double(step) * double(steps_ - step) : 0;
  const std::string remaining = step > 0 ? fmt::format(", about {:.0f} s left", left) : "";
  const std::string line = fmt::format("{}: step {} of {} ({:.0f} %){}", name_, step, steps_,
                                       100.0 * double(step) / double(steps_), remaining);
  if (terminal_)
    fmt::print(stderr, "\r\x1b[K{}", line);
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace byzsim
