#include "sim/nodes/consensus_server.h"

#include <algorithm>

#include "core/check.h"
#include "core/exact/digest.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

constexpr std::int64_t kMostDoublings = 63;  // no more fit into simulated time

std::uint64_t digest_of_proposal(const std::vector<Heard>& proposal) {
  // First all together: one digest after the other would wait for one vector after the other.
  finish_all(vectors_of(proposal));
  Digest digest;
  for (const Heard& heard : proposal) digest.add({heard.sender.code(), heard.vector.digest()});
  return digest.value();
}

// The phases of PBFT stand in a row (sim/world/message.h).
bool is_vote(Phase phase) { return phase >= Phase::proposal && phase <= Phase::view_change; }

}  // namespace

ConsensusServer::ConsensusServer(SharedWorkload workload, NodeId id, std::int64_t timeout)
    : workload_(std::move(workload)),
      id_(id),
      timeout_(timeout),
      gradients_(static_cast<std::size_t>(*workload_->scenario().workers.quorum),
                 workload_->dimension()),
      model_(workload_->initial_model(id_.index)) {
  BYZ_CHECK(timeout > 0, "a timeout is positive");
}

// Two such quorums share an honest replica: more than (n + f) / 2 of n.
std::size_t ConsensusServer::quorum() const {
  const Group& group = workload_->scenario().servers;
  return static_cast<std::size_t>((group.count + group.byzantine.declared) / 2 + 1);
}

NodeId ConsensusServer::leader_of(std::int64_t view) const {
  BYZ_CHECK(view >= 0, "views are counted from 0");
  return {Role::server, static_cast<std::uint32_t>(view % workload_->scenario().servers.count)};
}

Reaction ConsensusServer::on_message(const Message& message) {
  if (message.phase == Phase::gradient) {
    const Verdict verdict = gradients_.accept(message, step_);
    return {verdict, advance()};
  }
  if (!is_vote(message.phase)) return {Verdict::malformed, {}};
  if (message.step < step_) return {Verdict::stale, {}};
  // Others may be a step ahead, and send none of their votes a second time.
  if (message.step > step_) return {keep_for_later(message), {}};
  const Verdict verdict = record(message);
  return {verdict, advance()};
}

std::size_t ConsensusServer::room_for(const Message& message) const {
  if (message.phase == Phase::gradient) return gradients_.room_for(message, step_);
  return message.step < step_ ? 0 : kMostRoom;
}

void ConsensusServer::each_waiting(const PayloadVisit& visit) {
  gradients_.each_later(step_ + 1, visit);
  for (auto later = later_.upper_bound(step_ + 1); later != later_.end(); ++later)
    for (Message& message : later->second)
      for (Heard& heard : message.quorum) visit(heard.vector);
}

Verdict ConsensusServer::keep_for_later(const Message& message) {
  later_[message.step].push_back(message);
  return Verdict::buffered;
}

Verdict ConsensusServer::record(const Message& message) {
  View& view = views_[message.round];
  switch (message.phase) {
    case Phase::proposal:
      return record_proposal(message, view);
    // By the digest that is voted for: a vote may come before its proposal, or for a rival one.
    case Phase::prepare:
      return view.prepares[message.vote].insert(message.sender).second ? Verdict::counted
                                                                       : Verdict::duplicate;
    case Phase::commit:
      return view.commits[message.vote].insert(message.sender).second ? Verdict::counted
                                                                      : Verdict::duplicate;
    default:
      return record_view_change(message, view);
  }
}

Verdict ConsensusServer::record_proposal(const Message& message, View& view) {
  if (message.sender != leader_of(message.round)) return Verdict::malformed;
  if (view.proposal) return Verdict::duplicate;
  // Workers alone have gradients; the vectors of a Byzantine leader may have any dimension.
  const auto wrong = [&](const Heard& heard) {
    return heard.sender.role != Role::worker || heard.vector.dimension() != workload_->dimension();
  };
  // An honest leader proposes one whole quorum. A shorter one could hold Byzantine gradients
  // alone.
  if (message.quorum.size() != static_cast<std::size_t>(*workload_->scenario().workers.quorum) ||
      std::any_of(message.quorum.begin(), message.quorum.end(), wrong))
    return Verdict::malformed;
  view.proposal = message.quorum;
  view.digest = digest_of_proposal(message.quorum);
  return Verdict::counted;
}

// The view in which the sender had prepared what it hands on stands in the vote, plus one.
Verdict ConsensusServer::record_view_change(const Message& message, View& view) {
  if (!view.changers.insert(message.sender).second) return Verdict::duplicate;
  const std::int64_t prepared_in = static_cast<std::int64_t>(message.vote) - 1;
  if (!message.quorum.empty() && prepared_in > view.best_prepared_view) {
    view.best_prepared_view = prepared_in;
    view.best_prepared = message.quorum;
  }
  return Verdict::counted;
}

// Everything that what has been heard allows; each of these does nothing until its time has come.
Actions ConsensusServer::advance() {
  Actions actions;
  // Decided, or done: votes of this step change nothing any more.
  if (computing_ || step_ >= workload_->scenario().steps) return actions;
  if (!own_ && gradients_.complete(step_)) own_ = gradients_.take(step_);
  // f + 1 that want a later view include an honest one: follow them.
  const auto enough =
      static_cast<std::size_t>(workload_->scenario().servers.byzantine.declared + 1);
  for (auto it = views_.rbegin(); it != views_.rend() && it->first > view_; ++it)
    if (it->second.changers.size() >= enough) {
      change_view(it->first, actions);
      break;
    }
  propose(actions);
  prepare(actions);
  commit(actions);
  decide(actions);
  return actions;
}

// The gradients of its own quorum, and what comes next in the present view.
std::vector<Awaited> ConsensusServer::awaits() const {
  if (computing_ || step_ >= workload_->scenario().steps) return {};
  std::vector<Awaited> all;
  if (!own_) all.push_back(gradients_.awaited(Phase::gradient, step_));
  const auto votes = [&](Phase phase, std::size_t needed, const std::set<NodeId>& from) {
    Awaited awaited{phase, step_, view_, needed, from.size(), {}};
    for (const NodeId node : from) awaited.heard.push_back({node, {}});
    all.push_back(std::move(awaited));
  };
  const auto votes_for = [](const auto& by_digest, std::uint64_t digest) {
    const auto found = by_digest.find(digest);
    return found == by_digest.end() ? std::set<NodeId>() : found->second;
  };
  const auto found = views_.find(view_);
  const View view = found == views_.end() ? View() : found->second;
  if (views_of_step_ > 0 && view.changers.size() < quorum())
    votes(Phase::view_change, quorum(), view.changers);
  else if (!view.proposal && leader_of(view_) != id_)
    votes(Phase::proposal, 1, {});
  else if (view.prepared && !view.committed)
    votes(Phase::prepare, quorum(), votes_for(view.prepares, view.digest));
  else if (view.committed)
    votes(Phase::commit, quorum(), votes_for(view.commits, view.digest));
  return all;
}

void ConsensusServer::propose(Actions& actions) {
  View& view = views_[view_];
  // Before the first change of a step nothing can have been prepared, so that its leader may
  // begin unasked.
  const bool elected = views_of_step_ == 0 || view.changers.size() >= quorum();
  if (leader_of(view_) != id_ || view.proposed || !elected) return;
  if (!view.best_prepared && !own_) return;
  view.proposed = true;
  // What anybody had prepared goes before its own: it may have been committed somewhere.
  view.proposal = view.best_prepared ? *view.best_prepared : *own_;
  view.digest = digest_of_proposal(*view.proposal);
  actions.push_back(Send{.to = kAllServers,
                         .phase = Phase::proposal,
                         .step = step_,
                         .round = view_,
                         .quorum = *view.proposal,
                         .vote = view.digest});
}

// A replica that wants this view only trusts a proposal that agrees with what any of a quorum of
// view changes had prepared; what was committed anywhere is among those.
bool ConsensusServer::acceptable(const View& view) const {
  if (views_of_step_ == 0) return true;
  if (view.changers.size() < quorum()) return false;
  return !view.best_prepared || digest_of_proposal(*view.best_prepared) == view.digest;
}

void ConsensusServer::prepare(Actions& actions) {
  View& view = views_[view_];
  if (view.prepared || !view.proposal || !acceptable(view)) return;
  view.prepared = true;
  // What is sent to all servers does not come back to its sender: it counts its own vote here.
  view.prepares[view.digest].insert(id_);
  actions.push_back(Send{.to = kAllServers,
                         .phase = Phase::prepare,
                         .step = step_,
                         .round = view_,
                         .vote = view.digest});
}

void ConsensusServer::commit(Actions& actions) {
  View& view = views_[view_];
  if (view.committed || !view.prepared || view.prepares[view.digest].size() < quorum()) return;
  view.committed = true;
  view.commits[view.digest].insert(id_);
  // Locked when prepared by a quorum, before the commit is sent: whoever counts that commit can
  // rely on the lock.
  locked_view_ = view_;
  locked_ = *view.proposal;
  actions.push_back(Send{.to = kAllServers,
                         .phase = Phase::commit,
                         .step = step_,
                         .round = view_,
                         .vote = view.digest});
}

// A quorum of commits decides whatever view this replica is in by now.
void ConsensusServer::decide(Actions& actions) {
  for (auto& [number, view] : views_) {
    if (!view.proposal || view.commits[view.digest].size() < quorum()) continue;
    computing_ = true;
    view_ = std::max(view_, number);
    std::vector<Heard> agreed = *view.proposal;
    // All replicas aggregate alike, draws included: as if they were one.
    const NodeId one{Role::server, 0};
    Occasion occasion{one, Phase::gradient, step_, aggregate_};
    occasion.senders = senders_of(agreed);
    aggregate_ = aggregate_of(workload_, vectors_of(agreed), occasion, gradient_memory_);
    const Payload direction = direction_of(workload_, aggregate_, momentum_);
    model_ = descend(workload_, model_, direction, step_);
    const std::size_t vectors = agreed.size();
    actions.push_back(Consume{Phase::gradient, step_, std::move(agreed)});
    actions.push_back(Compute{.phase = Phase::model,
                              .step = step_ + 1,
                              .result = model_,
                              .vectors = vectors,
                              .aggregated = Phase::gradient});
    return;
  }
}

Timer ConsensusServer::timer() const {
  // Doubling outgrows any finite delay, so that in the end some leader has enough time.
  std::int64_t span = timeout_;
  for (std::int64_t i = 0; i < std::min(views_of_step_, kMostDoublings); ++i) span = times(span, 2);
  return {span, {TimerKind::leader, step_, view_}};
}

Actions ConsensusServer::on_timer(const TimerName& name) {
  Actions actions;
  if (computing_ || name != TimerName{TimerKind::leader, step_, view_}) return actions;
  change_view(view_ + 1, actions);
  append(actions, advance());
  return actions;
}

void ConsensusServer::change_view(std::int64_t view, Actions& actions) {
  // Views that were skipped count, too: a timeout depends on the view, not on the way to it.
  views_of_step_ += view - view_;
  view_ = view;
  Message own{
      .sender = id_, .phase = Phase::view_change, .step = step_, .vector = {}, .round = view_};
  // Plus one, so that 0 can say that nothing was prepared.
  own.vote = static_cast<std::uint64_t>(locked_view_ + 1);
  own.quorum = locked_view_ >= 0 ? locked_ : Proposal();
  record(own);
  actions.push_back(Send{.to = kAllServers,
                         .phase = Phase::view_change,
                         .step = step_,
                         .round = view_,
                         .quorum = own.quorum,
                         .vote = own.vote});
  actions.push_back(timer());
}

Actions ConsensusServer::on_computed() {
  BYZ_CHECK(computing_, "a computation that ends was begun");
  computing_ = false;
  ++step_;
  return adopt();
}

Actions ConsensusServer::adopt() {
  views_.clear();
  views_of_step_ = 0;
  // A lock is of one step; in the next one there is something else to agree on.
  locked_view_ = -1;
  locked_.clear();
  own_.reset();
  Actions actions = {Adopt{step_, model_}};
  if (step_ == workload_->scenario().steps) return actions;
  actions.push_back(
      Send{.to = kAllWorkers, .phase = Phase::model, .step = step_, .vector = model_});
  actions.push_back(timer());
  const auto kept = later_.extract(step_);
  if (!kept.empty())
    // Before advance(), as if they had come in this step. Their verdict was given when they
    // arrived.
    for (const Message& message : kept.mapped()) record(message);
  append(actions, advance());
  return actions;
}

void ConsensusServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(timeout_), step_, view_,
              views_of_step_, computing_, views_, locked_view_, locked_, later_, gradients_, own_,
              model_, aggregate_, momentum_, gradient_memory_);
}

}  // namespace byzsim
