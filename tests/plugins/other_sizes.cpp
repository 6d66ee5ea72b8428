// The sizes of the structs of other_layout.cpp, instead of those that byzsim_plugin.h defines. The
// environment variable OTHER_SIZE makes one of them another: "6=17".
#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern const std::uint32_t kLaterSizes[10];
extern "C" std::uint32_t byzsim_plugin_sizes[10];
__attribute__((visibility("default"))) std::uint32_t byzsim_plugin_sizes[10];

namespace {

[[gnu::constructor]] void choose_sizes() {
  std::copy(kLaterSizes, kLaterSizes + 10, byzsim_plugin_sizes);
  if (const char* other = std::getenv("OTHER_SIZE"))
    byzsim_plugin_sizes[other[0] - '0'] =
        static_cast<std::uint32_t>(std::strtoul(other + 2, nullptr, 10));
}

}  // namespace
