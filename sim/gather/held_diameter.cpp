#include "sim/gather/held_diameter.h"

#include <algorithm>
#include <array>
#include <functional>

#include "core/check.h"

namespace byzsim {
namespace {

using Number = std::int64_t;

// How many honest servers are where.
struct State {
  Number low;   // at the lower end
  Number high;  // at the upper end
  Number between;
};

enum class Place { low, high, between };
constexpr std::array<Place, 3> kPlaces = {Place::low, Place::high, Place::between};

Number servers_at(const State& state, Place place) {
  if (place == Place::between) return state.between;
  return place == Place::low ? state.low : state.high;
}

// The ends at which a receiver can be put once its quorum is known.
struct Ends {
  bool low;
  bool high;
};

// How many of a quorum must be at an end (or beyond) for its median to be there.
Number needed_low(const Gather& gather) {
  return 1 + (gather.middle == Middle::lower ? (gather.quorum - 1) / 2 : gather.quorum / 2);
}
Number needed_high(const Gather& gather) {
  const Number q = gather.quorum;
  return q - (gather.middle == Middle::upper ? q / 2 : (q - 1) / 2);
}

// Whether a receiver at `place` can draw a quorum with that many lies that puts it within reach of
// exactly these ends.
bool admits(const Gather& gather, const State& state, Place place, Number lies, Ends ends) {
  const bool own = gather.law == QuorumLaw::byzantine_first_own;
  const Number correct = gather.quorum - lies;
  Number least_low = own && place == Place::low ? 1 : 0, most_low = state.low;
  Number least_high = own && place == Place::high ? 1 : 0, most_high = state.high;
  const Number least_between = own && place == Place::between ? 1 : 0;
  const Number enough_low = needed_low(gather) - lies, enough_high = needed_high(gather) - lies;
  (ends.low ? least_low : most_low) =
      ends.low ? std::max(least_low, enough_low) : std::min(most_low, enough_low - 1);
  (ends.high ? least_high : most_high) =
      ends.high ? std::max(least_high, enough_high) : std::min(most_high, enough_high - 1);
  return least_low <= most_low && least_high <= most_high &&
         std::max(least_low + least_high, correct - state.between) <=
             std::min(most_low + most_high, correct - least_between);
}

bool admits(const Gather& gather, const State& state, Place place, Ends ends) {
  // Only uniform quorums may hold fewer than all Byzantine servers.
  const bool first = gather.law != QuorumLaw::uniform;
  for (Number lies = first ? gather.byzantine : 0; lies <= gather.byzantine; ++lies)
    if (admits(gather, state, place, lies, ends)) return true;
  return false;
}

// What becomes of the receivers before the adversary speaks: some can be put at one end only, some
// at either as it likes, some at neither; and some, as chance likes, at the lower or the upper
// only.
struct Dealt {
  Number low_only = 0;
  Number high_only = 0;
  Number either = 0;
  Number one_by_chance = 0;
};

// Chance deals what serves the adversary least.
void deal_by_chance(const Gather& gather, const State& state, Place place, Dealt& dealt) {
  const Number receivers = servers_at(state, place);
  // Whoever chance can put between the ends is lost to the adversary.
  if (admits(gather, state, place, {false, false})) return;
  const bool low = admits(gather, state, place, {true, false});
  const bool high = admits(gather, state, place, {false, true});
  (low && high ? dealt.one_by_chance
   : low       ? dealt.low_only
   : high      ? dealt.high_only
               : dealt.either) += receivers;
}

void deal_as_wanted(const Gather& gather, const State& state, Place place, Dealt& dealt) {
  const Number receivers = servers_at(state, place);
  const bool both = admits(gather, state, place, {true, true});
  const bool low = both || admits(gather, state, place, {true, false});
  const bool high = both || admits(gather, state, place, {false, true});
  if (low && high)
    dealt.either += receivers;
  else if (low)
    dealt.low_only += receivers;
  else if (high)
    dealt.high_only += receivers;
}

// Which states are still believed to be held, by (servers at the lower end, at the upper end).
struct Held {
  explicit Held(Number servers) : side(servers + 1), states(static_cast<std::size_t>(side * side)) {
    for (Number low = 1; low < servers; ++low)
      for (Number high = 1; low + high <= servers; ++high) at(low, high) = true;
  }
  std::vector<bool>::reference at(Number low, Number high) {
    return states[static_cast<std::size_t>(low * side + high)];
  }
  Number side;
  std::vector<bool> states;
};

bool leads_on(const Dealt& dealt, Held& held) {
  for (Number low = 0; low <= dealt.one_by_chance; ++low) {
    bool found = false;
    for (Number put_low = 0; put_low <= dealt.either && !found; ++put_low)
      found = held.at(dealt.low_only + low + put_low,
                      dealt.high_only + dealt.one_by_chance - low + dealt.either - put_low);
    if (!found) return false;
  }
  return true;
}

bool strike_out(const Gather& gather, Scheduling scheduling, Held& held) {
  bool changed = false;
  const Number servers = gather.correct();
  for (Number low = 1; low < servers; ++low)
    for (Number high = 1; low + high <= servers; ++high) {
      if (!held.at(low, high)) continue;
      const State state{low, high, servers - low - high};
      Dealt dealt;
      for (const Place place : kPlaces)
        (scheduling == Scheduling::random ? deal_by_chance : deal_as_wanted)(gather, state, place,
                                                                             dealt);
      if (leads_on(dealt, held)) continue;
      held.at(low, high) = false;
      changed = true;
    }
  return changed;
}

}  // namespace

bool held_for_ever(const Gather& gather, Scheduling scheduling) {
  BYZ_CHECK(problems_of(gather).empty(), "a gather was checked before it is computed");
  Held held(gather.correct());
  while (strike_out(gather, scheduling, held)) continue;
  const auto& positions = gather.positions;
  return held.at(std::count(positions.begin(), positions.end(), positions.front()),
                 std::count(positions.begin(), positions.end(), positions.back()));
}

}  // namespace byzsim
