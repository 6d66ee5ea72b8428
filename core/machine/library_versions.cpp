#include "core/machine/library_versions.h"

#include <fmt/format.h>
#include <isa-l.h>
#include <xxhash.h>

#include "core/input/json.h"
#include "core/machine/parallel.h"

namespace byzsim {
std::vector<std::pair<std::string, std::string>> library_versions() {
  return {
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
