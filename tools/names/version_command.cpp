// `byzsim version`: the version, the numeric profile, and what this program was built from.
#include <fmt/format.h>

#include "adversaries/search/search.h"
#include "core/exact/floating_point.h"
#include "sim/results/provenance.h"
#include "tools/line/command.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

struct VersionOptions {
  bool json = false;
};

void offer_version(CommandOptions& options, VersionOptions& own) {
  options.flag("--json", own.json, "Print JSON");
}

int version(const VersionOptions& own, const CommonOptions&) {
  Provenance from = provenance();
  // Only the searches include it, so that the floors below do not list it.
  from.libraries.emplace_back("NLopt", optimizer_library_version());
  if (own.json) {
    Json libraries = Json::object();
    for (const auto& [name, number] : from.libraries) libraries[name] = number;
    const Json json = {{"version", from.version}, {"profile", kNumericProfile},
                       {"git", from.git},         {"compiler", from.compiler},
                       {"flags", from.flags},     {"libraries", libraries}};
    print_text("{}\n", json.dump(2));
    return kDone;
  }
  print_text("byzsim {} ({})\n", from.version, from.git.empty() ? "no git revision" : from.git);
  print_text("  numeric profile  {}\n  compiler         {}\n  flags            {}\n",
             kNumericProfile, from.compiler, from.flags);
  for (const auto& [name, number] : from.libraries) print_text("  {:<16} {}\n", name, number);
  return kDone;
}

}  // namespace

Command version_command() {
  return command("version", "Print version, numeric profile, compiler and libraries",
                 "  byzsim version\n  byzsim version --json", offer_version, version);
}

}  // namespace byzsim
