// Which function of a plugin a thread is in, so that whatever ends the process there is reported
// with its name: a signal (a fault, a trap, abort), exit(), fork(), the end of its thread. After a
// fault the process is not to be trusted: it only reports, and ends with exit code 2.
#pragma once

#include <cstddef>

namespace byzsim {

/// From now on the process ends with a sentence where a plugin ends it. Once, on one thread; again
/// after a library was loaded, so that this comes before what the library does at exit.
void guard_against_plugins();

/// What exit of the program does first: ends it with the sentence where a plugin called it, before
/// what other threads still use is destroyed.
void refuse_exit(int code);
/// What _exit of the program does: with the sentence where a plugin called it.
[[noreturn]] void leave_process(int code);

/// Ends this process when the one that made it ends, where the system can do that (Linux).
void end_with_parent();

/// Where the sentence goes instead of standard error: memory that another process reads as well.
/// Null: standard error. `place`, `problem` and `remedy` become a line each.
void report_faults_to(char* memory, std::size_t size);

/// The inputs of calls lie here, mapped read-only: a fault in this range is a write into them.
void expect_inputs_at(const void* begin, std::size_t size);

/// This thread is in a function of a plugin as long as this lives; null: in byzsim's own code that
/// the plugin called. `place` outlives it. They nest.
class GuardedCall {
 public:
  explicit GuardedCall(const char* place);
  ~GuardedCall();
  GuardedCall(const GuardedCall&) = delete;
  GuardedCall& operator=(const GuardedCall&) = delete;
  /// Ends the process: a copy of it that the plugin made by fork() does not go on as byzsim.
  void end_copies() const;
  /// Ends the process with the sentence.
  [[noreturn]] static void end(const char* problem);

 private:
  const char* before_;
  int process_;
};

/// Memory that must not be reached: a fault there is a write next to the output of a call.
class GuardedMemory {
 public:
  /// `size` bytes that can be written, with pages on both sides that cannot. Throws std::bad_alloc.
  explicit GuardedMemory(std::size_t size);
  ~GuardedMemory();
  GuardedMemory(GuardedMemory&& other) noexcept;
  GuardedMemory& operator=(GuardedMemory&& other) noexcept;
  std::byte* begin() const { return begin_; }
  std::byte* end() const { return begin_ + size_; }
  std::size_t size() const { return size_; }
  /// A fault in the pages around it is reported as such on this thread, until the next is watched.
  void watch() const;

 private:
  std::byte* begin_ = nullptr;
  std::size_t size_ = 0;  // whole pages
};

}  // namespace byzsim
