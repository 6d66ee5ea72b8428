// Writes a header of networks that kernels of order statistics are compiled with: for every number
// of vectors up to kKernelVectors the comparators of a sorting or of a median network, one after
// the other. Templates that unroll the same networks take a compiler five times as long.
//
//     write_networks sorting|median > sorting_networks.h
#include <cstdio>
#include <string>

#include "core/kernels/selection_kernels.h"
#include "core/kernels/selection_network.h"

namespace byzsim {
namespace {

// A specialisation of `name`: the place of each rank, and a function that puts rows in order.
void write_network(const char* name, std::size_t n, const SelectionNetwork& network) {
  std::printf("template <>\nstruct %s<%zu> {\n  static constexpr std::size_t places[] = {", name,
              n);
  for (const std::uint32_t place : network.places) std::printf("%u, ", place);
  std::printf(
      "};\n  [[gnu::always_inline]] static inline void put_in_order([[maybe_unused]] lanes::Keys* "
      "row) {\n");
  for (const Comparator& each : network.comparators)
    std::printf("    lanes::put_in_order(row[%u], row[%u]);\n", each.low, each.high);
  std::printf("  }\n};\n");
}

void write_networks(bool sorting) {
  const char* const name = sorting ? "Sorting" : "Median";
  std::printf(
      "// Written by write_networks.cpp.\n#pragma once\n\n#include <cstddef>\n\n"
      "#include \"core/kernels/lanes.h\"\n\n"
      "namespace byzsim::keyed_rows {\n\n"
      "template <std::size_t n>\nstruct %s;\n",
      name);
  for (std::size_t n = 1; n <= kKernelVectors; ++n)
    write_network(
        name, n,
        sorting ? selection_network(n, 0, n - 1) : selection_network(n, (n - 1) / 2, n / 2));
  std::printf("\n}  // namespace byzsim::keyed_rows\n");
}

}  // namespace
}  // namespace byzsim

int main(int argc, char** argv) {
  const std::string kind = argc == 2 ? argv[1] : "";
  if (kind != "sorting" && kind != "median") return 2;
  byzsim::write_networks(kind == "sorting");
  // A full disk must fail the build, not cut the header.
  return std::fflush(stdout) == 0 ? 0 : 1;
}
