#include "core/machine/library_versions.h"

#include <fmt/format.h>
#include <isa-l.h>
#include <xxhash.h>

#include <Eigen/Core>

#include "core/input/json.h"
#include "core/machine/parallel.h"

namespace byzsim {
namespace {

// Eigen 3.4.0 was WORLD.MAJOR.MINOR; since Eigen 5 the world stays 3 and is no part of the version.
std::string eigen_version() {
#ifdef EIGEN_PATCH_VERSION
  return fmt::format("{}.{}.{}", EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION, EIGEN_PATCH_VERSION);
#else
  return fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
#endif
}

}  // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {
      {"Eigen", eigen_version()},
      {"fmt",
       fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"ISA-L",
       fmt::format("{}.{}.{}", ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION)},
      {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                    NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"oneTBB", parallel_library_version()},
      {"xxHash",
       fmt::format("{}.{}.{}", XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE)},
  };
}

}  // namespace byzsim
