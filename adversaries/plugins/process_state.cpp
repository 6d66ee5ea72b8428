#include "adversaries/plugins/process_state.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include <array>
#include <cerrno>
#include <climits>
#include <clocale>
#include <csignal>
#include <cstring>
#include <utility>

namespace byzsim {
namespace {

template <class Part>
void append_bits(std::string& text, const Part& part) {
  text.append(reinterpret_cast<const char*>(&part), sizeof part);
}

std::string directory_now() {
  std::array<char, PATH_MAX> path{};
  return ::getcwd(path.data(), path.size()) == nullptr ? "" : path.data();
}

std::string locale_now() {
  const char* name = std::setlocale(LC_ALL, nullptr);
  return name == nullptr ? "" : name;
}

std::string environment_now() {
  std::string text;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    text.append(*entry).push_back('\0');
  return text;
}

std::string handlers_now() {
  std::string text;
  for (int signal = 1; signal < 32; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0) append_bits(text, action.sa_handler);
  }
  return text;
}

std::string blocked_now() {
  sigset_t blocked;
  sigemptyset(&blocked);
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  std::string text;
  for (int signal = 1; signal < 32; ++signal)
    text.push_back(sigismember(&blocked, signal) == 1 ? '1' : '0');
  return text;
}

constexpr auto kLimits = {RLIMIT_CPU,  RLIMIT_FSIZE,  RLIMIT_DATA, RLIMIT_STACK,
                          RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_AS};

std::string limits_now() {
  std::string text;
  for (const auto which : kLimits) {
    rlimit limit{};
    ::getrlimit(which, &limit);
    append_bits(text, limit);
  }
  return text;
}

void restore_limits(const std::string& text) {
  std::size_t at = 0;
  for (const auto which : kLimits) {
    rlimit limit{};
    std::memcpy(&limit, text.data() + at, sizeof limit);
    ::setrlimit(which, &limit);
    at += sizeof limit;
  }
}

std::string streams_now() {
  std::string text;
  for (const int stream : {0, 1, 2}) {
    struct stat file {};
    const bool open = ::fstat(stream, &file) == 0;
    append_bits(text, open ? file.st_dev : dev_t{});
    append_bits(text, open ? file.st_ino : ino_t{});
  }
  return text;
}

// Whether each of the three timers of a process runs, not how long it still does. On Linux alone.
std::string timers_now() {
  std::string text;
#if defined(__linux__)
  for (const long which : {0, 1, 2}) {
    std::array<long, 4> timer{};  // struct itimerval
    ::syscall(SYS_getitimer, which, timer.data());
    text.push_back(timer[2] != 0 || timer[3] != 0 ? '1' : '0');
  }
#endif
  return text;
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// What byzsim itself never changes, as it was before the first call. What a call did to it shows in
// every later one, too: the call itself may be of a vector that is never used.
struct Lasting {
  std::string directory = directory_now(), locale = locale_now(), environment = environment_now(),
              limits = limits_now(), streams = streams_now(), timers = timers_now();
  int standard_error = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 64);  // the same stream once more
};

const Lasting& at_first_call() {
  // Never destroyed: a plugin may call exit while other threads look at it.
  static const Lasting& first = *new Lasting;
  return first;
}

}  // namespace

ProcessState::ProcessState()
    : directory_(at_first_call().directory),
      locale_(at_first_call().locale),
      environment_(at_first_call().environment),
      handlers_(handlers_now()),
      blocked_(blocked_now()),
      limits_(limits_now()),
      streams_(at_first_call().streams),
      timers_(at_first_call().timers),
      children_(has_children()) {}

std::string ProcessState::change() const {
  if (streams_ != streams_now()) {
    ::dup2(at_first_call().standard_error, STDERR_FILENO);
    return "closed or replaced a standard stream";
  }
  if (limits_ != limits_now()) {
    restore_limits(limits_);
    return "changed a limit of the process";
  }
  if (children_ != has_children()) return "started a process of its own";
  const std::array<std::pair<bool, const char*>, 6> changes = {
      {{directory_ != directory_now(), "changed the working directory"},
       {locale_ != locale_now(), "changed the locale"},
       {environment_ != environment_now(), "changed the environment"},
       {handlers_ != handlers_now(), "changed how the process handles signals"},
       {blocked_ != blocked_now(), "blocked signals"},
       {timers_ != timers_now(), "started a timer"}}};
  for (const auto& [changed, sentence] : changes)
    if (changed) return sentence;
  return "";
}

void put_output_right() {
  const Lasting& first = at_first_call();
  if (first.streams != streams_now()) ::dup2(first.standard_error, STDERR_FILENO);
  if (first.limits != limits_now()) restore_limits(first.limits);
}

}  // namespace byzsim
