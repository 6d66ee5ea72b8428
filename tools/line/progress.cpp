#include "tools/line/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "tools/line/output.h"

namespace byzsim {
namespace {

const std::string kClearLine = "\r\x1b[K";

// Often enough to watch; elsewhere seldom, so that the log of a run of hours stays readable.
constexpr std::chrono::milliseconds kOnTerminal{200};
constexpr std::chrono::seconds kElsewhere{10};

}  // namespace

Progress::Progress(std::string name, std::int64_t total, bool quiet, std::string unit)
    : name_(std::move(name)),
      total_(total),
      unit_(std::move(unit)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      next_(start_ + (terminal_ ? Clock::duration(kOnTerminal) : Clock::duration(kElsewhere))) {}

Progress::~Progress() {
  if (shown_ && terminal_) write_bytes(stderr, kClearLine);
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Progress::show(double done, const std::string& note) {
  if (!is_due()) return;
  next_ = Clock::now() + (terminal_ ? Clock::duration(kOnTerminal) : Clock::duration(kElsewhere));
  const auto total = static_cast<double>(total_);
  // As if the rest went as fast as what is done.
  const double left = done > 0 ? seconds() / done * (total - done) : 0;
  const std::string remaining = done > 0 ? fmt::format(", about {:.0f} s left", left) : "";
  const std::string line =
      fmt::format("{}: {} {:.0f} of {} ({:.0f} %){}{}", name_, unit_, std::floor(done), total_,
                  100 * done / total, note, remaining);
  if (terminal_)
    write_bytes(stderr, kClearLine + line);
  else
    tell("{}\n", line);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace byzsim
