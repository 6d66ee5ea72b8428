// A client of federated training: trains from the model that it was given and sends what the server
// asked for. While it trains it keeps the latest model that it was given meanwhile, and begins with
// that one next: what it sends of a round that the server has ended is dropped there.
#pragma once

#include <optional>

#include "sim/nodes/computations.h"
#include "sim/world/node.h"

namespace byzsim {

/// The worker of `fedavg`.
class FederatedClient final : public Node {
 public:
  FederatedClient(SharedWorkload workload, NodeId id, Contribution sent)
      : workload_(std::move(workload)), id_(id), sent_(sent) {}

  std::unique_ptr<Node> clone() const override { return std::make_unique<FederatedClient>(*this); }
  Actions on_start() override { return {}; }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  struct Given {
    static constexpr std::size_t kFields = 3;  // of an archive
    std::int64_t step;
    NodeId server;
    Payload model;
  };
  Actions begin(Given given);

  SharedWorkload workload_;
  NodeId id_;
  Contribution sent_;
  std::int64_t given_ = -1;  // step of the latest model
  std::int64_t step_ = 0;    // of the model that it trains from, or trained from last
  bool training_now_ = false;
  std::optional<Given> next_;
  Payload result_, compressed_;  // of the latest training, and what receivers read of it
  Training training_;
};

}  // namespace byzsim
