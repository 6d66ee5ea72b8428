#include "sim/world/node_set.h"

#include <charconv>

namespace byzsim {
namespace {

// Takes a number off the front of the text.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // Bounded here, so that an index that is narrowed later is the one that was written.
  if (error != std::errc{} || number < 0 || number > kMostNodes) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<NodeSet> parse_node_set(std::string_view text) {
  if (text == "all") return NodeSet{};
  // An empty range, which no index lies in.
  if (text == "none") return NodeSet{std::nullopt, 1, 0};
  NodeSet set;
  // In a protocol on a graph every node has the role server.
  if (take(text, "server") || take(text, "node"))
    set.role = Role::server;
  else if (take(text, "worker"))
    set.role = Role::worker;
  else
    return std::nullopt;
  if (text == "s") return set;
  const bool range = take(text, "s ");
  if (!range && !take(text, " ")) return std::nullopt;
  const auto first = take_number(text);
  if (!first) return std::nullopt;
  set.first = set.last = *first;
  if (!range) return text.empty() ? std::optional(set) : std::nullopt;
  if (!take(text, "-")) return std::nullopt;
  const auto last = take_number(text);
  if (!last || !text.empty() || *last < *first) return std::nullopt;
  set.last = *last;
  return set;
}

std::optional<NodeId> parse_node(std::string_view text) {
  const auto set = parse_node_set(text);
  if (!set || !set->role || set->first != set->last || set->first >= kMostNodes)
    return std::nullopt;
  return NodeId{*set->role, static_cast<std::uint32_t>(set->first)};
}

}  // namespace byzsim
