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
  std::fflush(stdout);
  const int own = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 64);
  std::FILE* stream = own < 0 ? nullptr : ::fdopen(own, "w");
  if (stream == nullptr || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    throw std::system_error(errno, std::generic_category());
  stream_of_results() = stream;
}

}  // namespace byzsim
