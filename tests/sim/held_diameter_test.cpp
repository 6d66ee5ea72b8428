#include "sim/gather/held_diameter.h"

#include <functional>
#include <map>
#include <set>

#include "tests/catch.h"

namespace byzsim::held_diameter_test {
namespace {

using Values = std::vector<std::int64_t>;

constexpr QuorumLaw kLaws[] = {QuorumLaw::uniform, QuorumLaw::byzantine_first,
                               QuorumLaw::byzantine_first_own};

Gather gather_of(const Values& values, std::int64_t byzantine, std::int64_t quorum, QuorumLaw law,
                 Middle middle) {
  return {values, byzantine, quorum, law, middle};
}

bool held_by_lies(const Values& values, QuorumLaw law, Middle middle) {
  return held_for_ever(gather_of(values, 1, 4, law, middle), Scheduling::random);
}

bool held_by_quorums(const Values& values, QuorumLaw law, Middle middle) {
  return held_for_ever(gather_of(values, 1, 4, law, middle), Scheduling::adversarial);
}

// --- the game played on positions 0, 2, 4 themselves, for one liar and the lower or upper median,
// which adopts one of the positions heard or said ---

constexpr std::int64_t kGrid[] = {0, 2, 4};

/// For each admissible quorum of a receiver the set of positions it can be made to adopt.
std::set<std::set<std::int64_t>> adoptable(const Gather& gather, std::size_t receiver) {
  const std::size_t correct = gather.positions.size();
  std::set<std::set<std::int64_t>> sets;
  for (std::size_t mask = 0; mask < std::size_t{2} << correct; ++mask) {
    const bool lie = mask >> correct & 1;
    if (__builtin_popcountll(mask) != gather.quorum) continue;
    if (gather.law != QuorumLaw::uniform && !lie) continue;
    if (gather.law == QuorumLaw::byzantine_first_own && !(mask >> receiver & 1)) continue;
    std::set<std::int64_t> adopted;
    for (const std::int64_t said : kGrid) {
      Values heard;
      for (std::size_t i = 0; i < correct; ++i)
        if (mask >> i & 1) heard.push_back(gather.positions[i]);
      if (lie) heard.push_back(said);
      std::sort(heard.begin(), heard.end());
      adopted.insert(gather.middle == Middle::lower ? heard[(heard.size() - 1) / 2]
                                                    : heard[heard.size() / 2]);
    }
    sets.insert(adopted);
  }
  return sets;
}

/// Whether the adversary can lead from here into `held`; it also picks the quorums, or chance does.
bool leads_into(const Gather& gather, const std::set<Values>& held, bool adversary_picks) {
  Values next(gather.positions.size());
  const std::function<bool(std::size_t, const std::vector<std::set<std::int64_t>>&)> speak =
      [&](std::size_t receiver, const std::vector<std::set<std::int64_t>>& dealt) {
        if (receiver == next.size()) {
          Values sorted = next;
          std::sort(sorted.begin(), sorted.end());
          return held.count(sorted) > 0;
        }
        for (const std::int64_t position : dealt[receiver]) {
          next[receiver] = position;
          if (speak(receiver + 1, dealt)) return true;
        }
        return false;
      };
  std::vector<std::set<std::int64_t>> dealt;
  const std::function<bool()> deal = [&] {
    if (dealt.size() == next.size()) return speak(0, dealt);
    for (const auto& set : adoptable(gather, dealt.size())) {
      dealt.push_back(set);
      const bool led = deal();
      dealt.pop_back();
      if (led == adversary_picks) return led;
    }
    return !adversary_picks;
  };
  return deal();
}

/// The states over the grid, ascending, with both ends, from which the diameter is held for ever.
std::set<Values> held_states(const Gather& rules, std::size_t servers, bool adversary_picks) {
  std::set<Values> held;
  const std::function<void(Values)> add = [&](Values values) {
    if (values.size() == servers) {
      if (values.front() == 0 && values.back() == 4) held.insert(values);
      return;
    }
    for (const std::int64_t position : kGrid) {
      if (!values.empty() && position < values.back()) continue;
      Values longer = values;
      longer.push_back(position);
      add(longer);
    }
  };
  add({});
  for (std::size_t before = 0; before != held.size();) {
    before = held.size();
    const std::set<Values> believed = held;
    for (const Values& values : believed) {
      Gather gather = rules;
      gather.positions = values;
      if (!leads_into(gather, believed, adversary_picks)) held.erase(values);
    }
  }
  return held;
}

}  // namespace

TEST_CASE("two clusters are held for ever by lies and chosen quorums but not by lies alone") {
  CHECK(held_by_quorums({0, 0, 2, 2}, QuorumLaw::uniform, Middle::mean));
  CHECK_FALSE(held_by_lies({0, 0, 2, 2}, QuorumLaw::uniform, Middle::mean));
}

TEST_CASE("f + 1 servers at either end are held for ever whatever f") {
  // n = 3f + 2 and q = 2f + 2: those at 0 hear f + 1 zeros, one 1 and f lies below.
  for (std::int64_t f = 1; f <= 5; ++f) {
    Values values(static_cast<std::size_t>(f + 1), 0);
    values.insert(values.end(), static_cast<std::size_t>(f + 1), 2);
    CHECK(held_for_ever(gather_of(values, f, 2 * f + 2, QuorumLaw::uniform, Middle::mean),
                        Scheduling::adversarial));
  }
}

TEST_CASE("1, 2, 3, 4 contracts at first whatever the adversary does") {
  for (const QuorumLaw law : kLaws)
    for (const Middle middle : {Middle::mean, Middle::lower, Middle::upper})
      CHECK_FALSE(held_by_quorums({2, 4, 6, 8}, law, middle));
}

TEST_CASE("one liar that is always heard holds 0, 1, 1, 1 under the lower median by lies alone") {
  CHECK(held_by_lies({0, 2, 2, 2}, QuorumLaw::byzantine_first_own, Middle::lower));
  CHECK_FALSE(held_by_lies({0, 0, 0, 2}, QuorumLaw::byzantine_first_own, Middle::lower));
  CHECK(held_by_lies({0, 0, 0, 2}, QuorumLaw::byzantine_first_own, Middle::upper));
  CHECK_FALSE(held_by_lies({0, 2, 2, 2}, QuorumLaw::byzantine_first_own, Middle::upper));
}

TEST_CASE("the mean of the two middles lets one liar hold 0, 1, 1, 1 under no law") {
  for (const QuorumLaw law : kLaws) {
    CHECK_FALSE(held_by_quorums({0, 2, 2, 2}, law, Middle::mean));
    CHECK_FALSE(held_by_quorums({0, 0, 0, 2}, law, Middle::mean));
  }
}

TEST_CASE("the states that can be held are those of the game played on positions") {
  int held_in_all = 0;
  for (const QuorumLaw law : kLaws)
    for (const Middle middle : {Middle::lower, Middle::upper})
      for (const auto& [servers, quorum] :
           {std::pair<std::size_t, std::int64_t>{3, 3}, {4, 3}, {4, 4}, {5, 4}})
        for (const Scheduling scheduling : {Scheduling::random, Scheduling::adversarial}) {
          const Gather rules = gather_of({}, 1, quorum, law, middle);
          const std::set<Values> all =
              held_states(rules, servers, scheduling == Scheduling::adversarial);
          held_in_all += static_cast<int>(all.size());
          for (std::size_t at_low = 1; at_low < servers; ++at_low)
            for (std::size_t at_high = 1; at_low + at_high <= servers; ++at_high) {
              Values values(servers, 2);
              std::fill_n(values.begin(), at_low, 0);
              std::fill_n(values.rbegin(), at_high, 4);
              CAPTURE(values, quorum, int(law), int(middle), int(scheduling));
              CHECK(held_for_ever(gather_of(values, 1, quorum, law, middle), scheduling) ==
                    (all.count(values) > 0));
            }
        }
  CHECK(held_in_all > 0);
}

}  // namespace byzsim::held_diameter_test
