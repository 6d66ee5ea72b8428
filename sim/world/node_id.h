// Identities of nodes: role and index. Identities decide the order of equal-time events and name
// every random draw, so they depend on a node's role and index alone, never on how many others
// there are.
//
// Invariant: the index is below kMostNodes, so that code() fits its 24 bits. In each role the
// Byzantine nodes are those with the last indices (scenario.h).
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace byzsim {

/// Servers aggregate gradients and hold models; workers compute gradients. In a decentralized
/// protocol every node has the role server.
enum class Role : std::uint8_t { server = 0, worker = 1 };

struct NodeId {
  static constexpr std::size_t kFields = 2;  // of an archive
  Role role;
  std::uint32_t index;  ///< within its role, from 0; below 2^23
  friend auto operator<=>(const NodeId&, const NodeId&) = default;

  /// 24 bits, unique among all nodes.
  std::uint64_t code() const { return (static_cast<std::uint64_t>(role) << 23) | index; }
};

constexpr std::int64_t kMostNodes = 1'000'000;  // of one role; fits the 23 bits

/// "server 3".
inline std::string to_string(NodeId node) {
  return (node.role == Role::server ? "server " : "worker ") + std::to_string(node.index);
}

}  // namespace byzsim
