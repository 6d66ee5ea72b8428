#include "adversaries/search/candidate_moves.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "adversaries/attacks/attack.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/check.h"
#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

using Half = std::vector<std::int64_t>;

// The scenario's own choice, then the others at their defaults.
std::vector<Choice> choices(const Choice& own, const std::vector<Declaration>& among,
                            const std::vector<std::string>& others) {
  std::vector<Choice> all = {own};
  for (const std::string& name : others) {
    const Choice other = default_choice(among, name);
    // Twice the same choice would spend evaluations on the same run.
    if (other != own) all.push_back(other);
  }
  return all;
}

std::vector<Choice> attacks_of(const Group& group, const Choice& own, bool may_change,
                               const std::vector<std::string>& others) {
  const bool any = may_change && group.byzantine.actual > 0;
  return choices(own, attacks().declarations(), any ? others : std::vector<std::string>{});
}

// The next choice of half of `count` indices that holds index 0; false after the last.
bool advance_half(Half& half, std::int64_t count) {
  // Index 0 stays: the two halves exchanged are the same partition.
  for (std::size_t i = half.size(); i-- > 1;) {
    if (half[i] >= count - static_cast<std::int64_t>(half.size() - i)) continue;
    ++half[i];
    for (std::size_t j = i + 1; j < half.size(); ++j) half[j] = half[j - 1] + 1;
    return true;
  }
  return false;
}

Half lower_half(std::int64_t count) {
  Half half(static_cast<std::size_t>((count + 1) / 2));
  std::iota(half.begin(), half.end(), 0);
  return half;
}

Half drawn_half(std::int64_t count, Stream& stream) {
  Half all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  // A shuffle of all but index 0, which the first half always holds.
  for (std::size_t i = all.size(); i-- > 2;) std::swap(all[i], all[1 + stream.below(i)]);
  all.resize(lower_half(count).size());
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<Half> chosen_halves(std::int64_t count, std::int64_t most, Stream& stream) {
  if (count < 2) return {lower_half(count)};
  std::vector<Half> all;
  Half half = lower_half(count);
  // One more than `most` is listed at most, which shows that there are too many.
  do all.push_back(half);
  while (static_cast<std::int64_t>(all.size()) <= most && advance_half(half, count));
  if (static_cast<std::int64_t>(all.size()) <= most) return all;
  all.resize(1);
  // Draws repeat themselves. Their number is bounded, where nearly all partitions are asked for.
  for (std::int64_t tries = 0; tries < 20 * most; ++tries) {
    const Half drawn = drawn_half(count, stream);
    if (static_cast<std::int64_t>(all.size()) < most &&
        std::find(all.begin(), all.end(), drawn) == all.end())
      all.push_back(drawn);
  }
  return all;
}

// Whether who forms a half makes a difference.
bool tells_halves_apart(const Move& move, const Scenario& scenario) {
  const auto splits = [](const Choice& attack, const Group& group) {
    return group.byzantine.actual > 0 && attacks().at(attack.name).per_half;
  };
  return move.scheduler->name == "keep_apart" ||
         (move.workers && splits(*move.workers, scenario.workers)) ||
         splits(*move.servers, scenario.servers);
}

bool is_same(const Move& a, const Move& b) {
  return a.workers == b.workers && a.servers == b.servers && a.scheduler == b.scheduler &&
         a.first_halves.servers == b.first_halves.servers;
}

}  // namespace

std::vector<Move> candidate_moves(const Scenario& scenario, const MoveSpace& space, Stream stream) {
  BYZ_CHECK(space.halves >= 1, "honest servers form halves in at least one way");
  std::vector<std::optional<Choice>> of_workers = {std::nullopt};  // none on a graph
  if (!scenario.on_graph) {
    const auto attacks_of_workers = attacks_of(scenario.workers, scenario.worker_attack,
                                               space.attacks, {"split", "a_little_is_enough"});
    of_workers.assign(attacks_of_workers.begin(), attacks_of_workers.end());
  }
  const auto of_servers = attacks_of(scenario.servers, scenario.server_attack, space.attacks,
                                     {"split", "equivocation"});
  const auto wires = choices(scenario.scheduler, schedulers().declarations(),
                             space.wires ? std::vector<std::string>{"byzantine_first", "keep_apart"}
                                         : std::vector<std::string>{});
  const auto halves = chosen_halves(scenario.servers.correct(), space.halves, stream);
  std::vector<Move> moves;
  // Each list begins with the scenario's own choice, so that this wins among moves of equal harm.
  for (const Choice& scheduler : wires)
    for (const Choice& servers : of_servers)
      for (const std::optional<Choice>& workers : of_workers)
        for (const Half& half : halves) {
          Move move{0, workers, servers, scheduler, {half, std::nullopt}};
          // Where nothing tells the halves apart, other partitions would be the same run.
          if (half == halves.front() || tells_halves_apart(move, scenario))
            moves.push_back(std::move(move));
        }
  BYZ_CHECK(!moves.empty(), "the scenario's own choices are a move");
  return moves;
}

Script with_move(Script script, const Move& move) {
  BYZ_CHECK(script.moves.empty() || script.moves.back().step <= move.step,
            "moves are added in the order of their steps");
  if (script.moves.empty() || !is_same(script.moves.back(), move)) script.moves.push_back(move);
  return script;
}

Json json_of_move(const Move& move) {
  BYZ_CHECK(move.servers && move.scheduler && move.first_halves.servers,
            "a candidate decides everything");
  const bool on_graph = !move.workers;
  Json json = {{"from_step", move.step}};
  if (!on_graph) json["workers"] = move.workers->name;
  json[on_graph ? "nodes" : "servers"] = move.servers->name;
  json["scheduler"] = move.scheduler->name;
  json[on_graph ? "first_nodes" : "first_servers"] =
      fmt::format("{}", fmt::join(*move.first_halves.servers, " "));
  return json;
}

}  // namespace byzsim
