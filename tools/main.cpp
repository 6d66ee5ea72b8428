// byzsim: parses the command line, calls the command, and turns what was thrown into exit codes.
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>

#include "adversaries/plugins/plugin_guard.h"
#include "adversaries/plugins/plugin_library.h"
#include "adversaries/plugins/process_state.h"
#include "core/exact/floating_point.h"
#include "core/input/issue.h"
#include "core/machine/memory.h"
#include "tools/input/plugins.h"
#include "tools/line/command_line.h"
#include "tools/line/output.h"

namespace {

using namespace byzsim;

// No file may come to stand for a standard stream that the caller closed: what is opened in its
// place can only be used the wrong way round.
void open_closed_streams() {
  for (int stream = 0; stream <= 2; ++stream)
    if (::fcntl(stream, F_GETFD) == -1) ::open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
}

// A write beyond a limit, or to where nobody reads, is an error like any other.
void ignore_signals_of_writes() {
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

int refuse(const Issues& issues) {
  put_output_right();
  for (const Issue& issue : issues) tell("error: {}\n", to_string(issue));
  return kBadInput;
}

// Whoever closes a pipe early has read enough, and hears no complaint.
int refuse_output(const std::error_code& reason) {
  if (reason == std::errc::broken_pipe) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  return refuse(
      {{"standard output", "cannot write: " + reason.message(), "free space at its destination"}});
}

int dispatch(const CommandLine& line) {
  if (!line.action) {
    print_text("{}", line.text);
    return kDone;
  }
  // Before any is loaded, since loading runs code of the plugin.
  if (line.common.isolate_plugins) isolate_plugins(line.common.plugin_seconds);
  load_plugins(line.common.plugins);
  return line.action(line.common);
}

int run_program(int argc, char** argv) {
  // On such a machine every digest would differ: refused rather than wrong.
  if (const auto problem = numeric_profile_problem())
    throw InputError({"", *problem, "run byzsim on a machine that supports the profile"});
  const int code = dispatch(parse_command_line(argc, argv));
  // What a full disk did not take is noticed here, not lost at exit.
  if (std::fflush(result_stream()) != 0 || std::ferror(result_stream()))
    throw std::system_error(errno, std::generic_category());
  return code;
}

}  // namespace

// Takes the place of the C library's, also for plugins (tools/CMakeLists.txt), wherever else
// nothing of the program is visible.
#define BYZSIM_VISIBLE [[gnu::visibility("default")]]
extern "C" BYZSIM_VISIBLE void _exit(int code) { byzsim::leave_process(code); }
extern "C" BYZSIM_VISIBLE void exit(int code) noexcept {
  byzsim::refuse_exit(code);
  const auto of_library = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_NEXT, "exit"));
  if (of_library != nullptr) of_library(code);
  byzsim::leave_process(code);
}

int main(int argc, char** argv) {
  // First: it must be set before memory is taken.
  keep_freed_memory();
  open_closed_streams();
  ignore_signals_of_writes();
  try {
    return run_program(argc, argv);
  } catch (const InputError& error) {
    return refuse(error.issues());
  } catch (const std::bad_alloc&) {
    return refuse({{"", "out of memory", "use fewer examples, fewer nodes or a smaller model"}});
  } catch (const std::filesystem::filesystem_error& error) {
    return refuse({{error.path1().string(), error.code().message(), "check the path"}});
  } catch (const std::system_error& error) {
    // Where output failed, that is the reason, whatever the system error was called.
    if (std::ferror(result_stream())) return refuse_output(error.code());
    // Most often a thread or a process that the system did not grant.
    return refuse({{"", error.code().message(), "use fewer --threads or --jobs"}});
  } catch (const std::exception& error) {
    // Anything else is a mistake of byzsim's, and must not look like one of the user's.
    tell("internal error: {}; please report this with the scenario\n", error.what());
    return kInternalError;
  }
}
