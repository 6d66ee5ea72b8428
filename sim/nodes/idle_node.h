// A node of the role that a decentralised protocol does not use.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/world/node.h"

namespace byzsim {

/// A node of the role that the protocol does not use: it does nothing, and is done from the start.
class IdleNode final : public Node {
 public:
  explicit IdleNode(std::int64_t steps) : steps_(steps) {}
  std::unique_ptr<Node> clone() const override { return std::make_unique<IdleNode>(*this); }
  Actions on_start() override { return {}; }
  Reaction on_message(const Message&) override { return {Verdict::malformed, {}}; }
  Actions on_computed() override { return {}; }
  std::int64_t step() const override { return steps_; }  // done from the start
  void walk(Archive&) override {}

 private:
  std::int64_t steps_;
};

}  // namespace byzsim
