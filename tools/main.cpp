// byzsim: parses the command line, calls the verb, and turns what was thrown into exit codes.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>

#include "core/floating_point.h"
#include "core/issue.h"
#include "core/memory.h"
#include "tools/command_line.h"
#include "tools/plugins.h"

namespace {

using namespace byzsim;

int dispatch(const Options& options) {
  if (!options.command) {
    fmt::print("{}", options.text);
    return kDone;
  }
  load_plugins(options.scenario.plugins);
  return options.command(options);
}

}  // namespace

int main(int argc, char** argv) {
  fix_matrix_blocking();
  keep_freed_memory();
  try {
    if (const auto problem = numeric_profile_problem())
      throw InputError({"", *problem, "run byzsim on a machine of the profile"});
    const int code = dispatch(parse_command_line(argc, argv));
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
      throw InputError({"standard output", "cannot be written", "free some space"});
    return code;
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues()) fmt::print(stderr, "error: {}\n", to_string(issue));
    return kBadInput;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr,
               "error: out of memory; use fewer examples, fewer nodes or a smaller model\n");
    return kBadInput;
  } catch (const std::exception& error) {
    fmt::print(stderr, "internal error: {}\n", error.what());
    return kInternalError;
  }
}
