#include "core/graphs/clique.h"

#include <fmt/format.h>

namespace byzsim {

void add_clique(std::vector<Edge>& edges, std::uint32_t first, std::uint32_t size) {
  for (std::uint32_t v = 0; v < size; ++v)
    for (std::uint32_t w = v + 1; w < size; ++w) edges.emplace_back(first + v, first + w);
}

double edges_of_clique(double size) { return size * (size - 1) / 2; }

std::optional<Issue> uneven_halves(const std::string& kind, std::int64_t nodes,
                                   std::int64_t least) {
  if (nodes >= least && nodes % 2 == 0) return std::nullopt;
  return Issue{"",
               fmt::format("{} has two halves of equal size: an even number of nodes, {} or more, "
                           "not {}",
                           kind, least, nodes),
               fmt::format("use {} nodes", nodes < least ? least : nodes + 1)};
}

}  // namespace byzsim
