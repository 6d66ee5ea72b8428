#include "sim/results/provenance.h"

#include <fmt/format.h>

#include <zstd.h>

#include <utility>

#include "core/machine/library_versions.h"

namespace byzsim {

Provenance provenance() {
#if defined(__clang__)
  const std::string compiler =
      fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  const std::string compiler =
      fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  auto libraries = library_versions();
  libraries.emplace_back("zstd", ZSTD_versionString());
  return {BYZSIM_VERSION, BYZSIM_GIT, compiler, BYZSIM_FLAGS, std::move(libraries)};
}

std::string version_and_revision() {
  const Provenance from = provenance();
  return from.git.empty() ? from.version : fmt::format("{} ({})", from.version, from.git);
}

}  // namespace byzsim
