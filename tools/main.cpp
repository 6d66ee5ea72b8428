// byzsim: parses the command line, calls the verb, and turns what was thrown into exit codes.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include "core/floating_point.h"
#include "core/issue.h"
#include "core/memory.h"
#include "tools/plugins.h"
#include "tools/verbs.h"

namespace {

using namespace byzsim;

int dispatch(const Options& options) {
  static const std::map<std::string, int (*)(const Options&)> verbs = {
      {"run", run},
      {"search", search},
      {"verify", verify},
      {"bisect", bisect},
      {"events", events},
      {"sweep plan", sweep_plan},
      {"sweep run", sweep_run},
      {"sweep status", sweep_status},
      {"sweep merge", sweep_merge},
      {"sweep submit", sweep_submit},
      {"shrink", shrink},
      {"report", report},
      {"figures", figures},
      {"eval", eval},
      {"contraction", contraction},
      {"list", list},
      {"describe", describe},
      {"schema", schema},
      {"version", version},
      {"completions", completions}};
  if (options.verb.empty()) {
    fmt::print("{}", options.text);
    return kDone;
  }
  load_plugins(options.scenario.plugins);
  return verbs.at(options.verb)(options);
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
