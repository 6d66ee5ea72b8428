#include "tools/line/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace byzsim {
namespace {

std::FILE*& stream_of_results() {
  static std::FILE* stream = stdout;
  return stream;
}

}  // namespace

std::FILE* result_stream() { return stream_of_results(); }

void keep_results_apart() {
  if (result_stream() != stdout) return;
  // What was printed so far must not come after what is printed by the new stream.
  std::fflush(stdout);
  // Above the numbers that files usually get, and closed in programs that are started.
  const int own = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 64);
  std::FILE* stream = own < 0 ? nullptr : ::fdopen(own, "w");
  if (stream == nullptr || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    throw std::system_error(errno, std::generic_category());
  stream_of_results() = stream;
}

}  // namespace byzsim
