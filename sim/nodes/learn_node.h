// A node of LEARN, where every node is server and worker at once: each has a model and a share of
// the data. In every step it computes a gradient at its own model, receives n - f gradients (its
// own among them), aggregates them by the workers' rule, and descends. It then receives n - f
// models (its own among them) and aggregates those by the servers' rule.
//
// Where shares differ, the aggregates do: before step t is made, ceil(log2(t + 1)) rounds of
// averaging agreement, or a fixed number, bring them together, each of which aggregates n - f of
// the last round's vectors by the workers' rule (Garfield: Guerraoui et al., DSN 2021; El-Mhamdi et
// al., NeurIPS 2021).
//
// Its own vector is always in its quorum, so it waits for q - 1 others: q >= 2.
#pragma once

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/world/node.h"

namespace byzsim {

/// How many rounds of agreement follow the aggregation of gradients in a step.
struct Agreement {
  std::optional<std::int64_t> rounds = {};  ///< empty: ceil(log2(t + 1)) in step t
};

/// The node of `learn` (El-Mhamdi et al., NeurIPS 2021), with agreement or without.
class LearnNode final : public Node {
 public:
  LearnNode(std::shared_ptr<const Workload> workload, NodeId id, Agreement agreement);

  std::unique_ptr<Node> clone() const override { return std::make_unique<LearnNode>(*this); }
  Actions on_start() override { return begin_step(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  void each_waiting(const PayloadVisit& visit) override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  Verdict accept(const Message& message);
  Actions begin_step();
  Actions begin_if_ready();
  Actions aggregate_with(std::vector<Heard> heard);
  Actions contract_with(std::vector<Heard> heard);
  std::int64_t rounds() const;

  std::shared_ptr<const Workload> workload_;
  NodeId id_;
  Agreement agreement_;
  std::int64_t step_ = 0;
  Phase phase_ = Phase::gradient;  // of what it computes or, having sent it, waits for
  std::int64_t round_ = 0;         // of that agreement
  bool computing_ = false;
  Payload said_;                           // what it computes or has sent in this phase
  Inbox gradients_, agreements_, models_;  // of the others
  Payload model_, aggregate_;              // the last of each
  Training training_;
  Payload server_momentum_;
  Payload gradient_memory_, model_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
