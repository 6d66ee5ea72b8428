#include "adversaries/plugins/plugin_guard.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>
#include <utility>

namespace byzsim {
namespace {

// Whole pages on every system.
constexpr std::size_t kGuard = 1 << 20, kSignalStack = 1 << 16, kNearStack = 1 << 18;

std::size_t whole_pages(std::size_t size) {
  static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

// A signal handler can reach nothing else than these.
thread_local const char* volatile place_now = nullptr;
thread_local std::uintptr_t guarded_low = 0,
                            guarded_high = 0;  // the output of the call, guards too
char* fault_memory = nullptr;
std::size_t fault_size = 0;
std::uintptr_t inputs_low = 0, inputs_high = 0;

// Text put together without an allocation.
class FaultText {
 public:
  FaultText& add(const char* text) {
    for (; *text != '\0' && size_ + 1 < sizeof text_; ++text) text_[size_++] = *text;
    text_[size_] = '\0';
    return *this;
  }
  FaultText& add(int number) {
    char digits[12];
    char* at = std::end(digits);
    *--at = '\0';
    std::uint32_t rest =
        number < 0 ? 0u - static_cast<std::uint32_t>(number) : static_cast<std::uint32_t>(number);
    do *--at = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0) *--at = '-';
    return add(at);
  }
  const char* text() const { return text_; }
  std::size_t size() const { return size_; }

 private:
  char text_[4096] = "";
  std::size_t size_ = 0;
};

constexpr const char* kFixPlugin = "fix the plugin, or do without it";

// Not by _exit, which is byzsim's own (leave_process).
[[noreturn]] void leave(int code) {
#if defined(__linux__)
  for (;;) ::syscall(SYS_exit_group, code);
#else
  for (;;) ::syscall(SYS_exit, code);
#endif
}

[[noreturn]] void end_with(const char* place, const char* problem) {
  FaultText text;
  if (fault_memory != nullptr) {
    text.add(place).add("\n").add(problem).add("\n").add(kFixPlugin);
    std::memcpy(fault_memory, text.text(), text.size() < fault_size ? text.size() + 1 : fault_size);
  } else {
    text.add("error: ").add(place).add(": ").add(problem).add("; ").add(kFixPlugin).add("\n");
    if (::write(STDERR_FILENO, text.text(), text.size()) < 0) leave(2);  // nobody can be told
  }
  leave(2);
}

struct NamedSignal {
  int number;
  const char* name;
  const char* meaning;
};

constexpr NamedSignal kSignals[] = {{SIGSEGV, "SIGSEGV", "memory that it must not use"},
                                    {SIGBUS, "SIGBUS", "memory that is not there"},
                                    {SIGFPE, "SIGFPE", "an arithmetic error"},
                                    {SIGILL, "SIGILL", "an illegal instruction"},
                                    {SIGTRAP, "SIGTRAP", "a trap"},
                                    {SIGABRT, "SIGABRT", "abort or a failed assertion"},
                                    {SIGSYS, "SIGSYS", "a bad system call"},
                                    {SIGALRM, "SIGALRM", "a timer"},
                                    {SIGVTALRM, "SIGVTALRM", "a timer"},
                                    {SIGPROF, "SIGPROF", "a timer"},
                                    {SIGUSR1, "SIGUSR1", "a signal of its own"},
                                    {SIGUSR2, "SIGUSR2", "a signal of its own"},
                                    {SIGXCPU, "SIGXCPU", "the limit of processor time"},
#if defined(__linux__)
                                    {SIGPWR, "SIGPWR", "a signal of its own"},
                                    {SIGSTKFLT, "SIGSTKFLT", "a signal of its own"},
#endif
                                    {SIGIO, "SIGIO", "a signal of its own"}};

bool is_memory_fault(int signal, const siginfo_t& info) {
  return (signal == SIGSEGV || signal == SIGBUS) && info.si_code > 0;
}

std::uintptr_t stack_pointer(const ucontext_t& context) {
#if defined(__APPLE__) && defined(__x86_64__)
  return context.uc_mcontext->__ss.__rsp;
#elif defined(__APPLE__)
  return __darwin_arm_thread_state64_get_sp(context.uc_mcontext->__ss);
#elif defined(__x86_64__)
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return context.uc_mcontext.sp;
#else
  static_cast<void>(context);  // far from every fault: an overflow has no name of its own there
  return 0;
#endif
}

bool overflowed_stack(const siginfo_t& info, const void* context) {
  const std::uintptr_t stack = stack_pointer(*static_cast<const ucontext_t*>(context));
  const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  return address + kNearStack > stack && address < stack + kNearStack;
}

void name_fault(int signal, siginfo_t* info, void* context) {
  const NamedSignal* named = kSignals;
  while (named->number != signal) ++named;
  if (place_now == nullptr) {  // byzsim's own, or what a plugin left behind
    FaultText text;
    text.add("note: plugins are loaded; with --isolate-plugins none can have caused ");
    text.add(named->name).add("\n");
    if (::write(STDERR_FILENO, text.text(), text.size()) < 0) leave(2);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  if (is_memory_fault(signal, *info)) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    // First: the pages next to the output may be those below a stack.
    if (overflowed_stack(*info, context)) end_with(place_now, "overflowed its stack");
    if (address >= guarded_low && address < guarded_high)
      end_with(place_now, "wrote or read next to its output");
    if (address >= inputs_low && address < inputs_high) end_with(place_now, "changed its inputs");
  }
  FaultText text;
  text.add("received the signal ").add(named->name).add(" (").add(named->meaning).add(")");
  end_with(place_now, text.text());
}

constexpr const char* kForeignThread = "a thread that a plugin started";

bool is_foreign_thread() {
#if defined(__linux__)
  return ::syscall(SYS_gettid) != ::getpid();
#else
  return ::pthread_main_np() == 0;
#endif
}

// Only in a call, or on a thread that byzsim did not start, does anybody but main end the process.
void name_exit(int code, void*) {
  FaultText text;
  text.add("called exit(").add(code).add(")");
  if (place_now != nullptr) end_with(place_now, text.text());
  if (is_foreign_thread()) end_with(kForeignThread, text.text());
}

[[maybe_unused]] void name_quick_exit() {
  if (place_now != nullptr) end_with(place_now, "called quick_exit");
}

void call_at_exit() {
#if defined(__linux__)
  ::on_exit(name_exit, nullptr);
  std::at_quick_exit(name_quick_exit);
#else
  std::atexit([] { name_exit(0, nullptr); });
#endif
}

void name_fork() {
  if (place_now != nullptr) end_with(place_now, "called fork");
}

// Signals are handled on a stack of their own: that of the call may be full.
class SignalStack {
 public:
  SignalStack() {
    stack_t present{};
    if (::sigaltstack(nullptr, &present) == 0 && (present.ss_flags & SS_DISABLE) == 0) return;
    void* memory =
        ::mmap(nullptr, kSignalStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_ = {.ss_sp = memory, .ss_flags = 0, .ss_size = kSignalStack};
    ::sigaltstack(&stack_, nullptr);
  }
  ~SignalStack() {
    if (stack_.ss_sp == nullptr) return;
    const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
    ::sigaltstack(&none, nullptr);
    ::munmap(stack_.ss_sp, kSignalStack);
  }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  stack_t stack_{};
};

}  // namespace

void guard_against_plugins() {
  static const bool once = [] {
    struct sigaction action {};
    action.sa_sigaction = name_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (const NamedSignal& named : kSignals) {
      struct sigaction before {};
      ::sigaction(named.number, nullptr, &before);
      if (before.sa_handler != SIG_IGN) ::sigaction(named.number, &action, nullptr);
    }
    ::pthread_atfork(name_fork, nullptr, nullptr);
    return true;
  }();
  static_cast<void>(once);
  call_at_exit();
}

void end_with_parent() {
#if defined(__linux__)
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

void refuse_exit(int code) { name_exit(code, nullptr); }

void leave_process(int code) {
  FaultText text;
  text.add("called _exit(").add(code).add(")");
  if (place_now != nullptr) end_with(place_now, text.text());
  if (is_foreign_thread()) end_with(kForeignThread, text.text());
  leave(code);
}

void report_faults_to(char* memory, std::size_t size) {
  fault_memory = memory;
  fault_size = size;
}

void expect_inputs_at(const void* begin, std::size_t size) {
  inputs_low = reinterpret_cast<std::uintptr_t>(begin);
  inputs_high = inputs_low + size;
}

GuardedCall::GuardedCall(const char* place) : before_(place_now), process_(::getpid()) {
  thread_local const SignalStack stack;
  static_cast<void>(&stack);
  place_now = place;
}

GuardedCall::~GuardedCall() { place_now = before_; }

void GuardedCall::end_copies() const {
  if (::getpid() != process_) end("made a copy of the process, which ends here");
}

void GuardedCall::end(const char* problem) { end_with(place_now, problem); }

GuardedMemory::GuardedMemory(std::size_t size) : size_(whole_pages(size)) {
  void* whole = ::mmap(nullptr, size_ + 2 * kGuard, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (whole == MAP_FAILED) throw std::bad_alloc();
  begin_ = static_cast<std::byte*>(whole) + kGuard;
  if (::mprotect(begin_, size_, PROT_READ | PROT_WRITE) != 0) {
    ::munmap(whole, size_ + 2 * kGuard);
    throw std::bad_alloc();
  }
}

void GuardedMemory::watch() const {
  guarded_low = reinterpret_cast<std::uintptr_t>(begin_ - kGuard);
  guarded_high = guarded_low + size_ + 2 * kGuard;
}

GuardedMemory::~GuardedMemory() {
  if (begin_ != nullptr) ::munmap(begin_ - kGuard, size_ + 2 * kGuard);
}

GuardedMemory::GuardedMemory(GuardedMemory&& other) noexcept
    : begin_(std::exchange(other.begin_, nullptr)), size_(std::exchange(other.size_, 0)) {}

GuardedMemory& GuardedMemory::operator=(GuardedMemory&& other) noexcept {
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace byzsim
