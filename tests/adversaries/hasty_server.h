// A fault planted in a protocol, for searches to find: once a worker has been heard two steps
// ahead, a server uses quorums of gradients that are one short.
#pragma once

#include <memory>

#include "core/input/archive.h"
#include "sim/protocols/protocol.h"
#include "sim/world/cloned.h"

namespace byzsim {

/// A server of scatter and gather with the fault.
class HastyServer final : public Node {
 public:
  explicit HastyServer(std::unique_ptr<Node> server) : server_(std::move(server)) {}
  std::unique_ptr<Node> clone() const override { return std::make_unique<HastyServer>(*this); }
  Actions on_start() override { return hasty(server_->on_start()); }
  Reaction on_message(const Message& message) override {
    if (message.phase == Phase::gradient && message.step > step() + 1) is_hasty_ = true;
    Reaction reaction = server_->on_message(message);
    return {reaction.verdict, hasty(std::move(reaction.actions))};
  }
  Actions on_computed() override { return hasty(server_->on_computed()); }
  std::int64_t step() const override { return server_->step(); }
  void walk(Archive& archive) override { archive.all(*this, server_, is_hasty_); }

 private:
  Actions hasty(Actions actions) const {
    for (Action& action : actions)
      if (auto* used = std::get_if<Consume>(&action);
          used && is_hasty_ && used->phase == Phase::gradient)
        used->heard.pop_back();
    return actions;
  }
  Cloned<Node> server_;
  bool is_hasty_ = false;
};

/// The protocol "byzsgd" with such servers.
inline Protocol hasty_byzsgd() {
  Protocol protocol = protocols().at("byzsgd");
  protocol.make_node = [](const std::shared_ptr<const Workload>& workload,
                          NodeId id) -> std::unique_ptr<Node> {
    std::unique_ptr<Node> node = protocols().at("byzsgd").make_node(workload, id);
    if (id.role == Role::worker) return node;
    return std::make_unique<HastyServer>(std::move(node));
  };
  return protocol;
}

}  // namespace byzsim
