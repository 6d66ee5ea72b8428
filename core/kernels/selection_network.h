// Sorting and selection networks: fixed sequences of comparators that put any n values in order,
// whatever they are. Kernels are compiled from them (write_networks.cpp); beyond the kernels' sizes
// they are built at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace byzsim {

/// Puts the lesser of two values into place `low`.
struct Comparator {
  std::uint32_t low;
  std::uint32_t high;
};

/// A network that sorts n values, or those of some ranks.
struct SelectionNetwork {
  std::vector<Comparator> comparators;
  std::vector<std::uint32_t> places;  ///< where the value of each rank ends up
};

namespace detail {

using Places = std::vector<std::uint32_t>;

// The places of every other rank, from the rank `first` on.
inline Places every_second(const Places& places, std::size_t first) {
  Places chosen;
  for (std::size_t i = first; i < places.size(); i += 2) chosen.push_back(places[i]);
  return chosen;
}

// Batcher's odd-even merge of sorted values of any counts (Knuth, The Art of Computer Programming
// 3, section 5.3.4): the places of the values in order.
inline Places merge(const Places& a, const Places& b, std::vector<Comparator>& network) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  if (a.size() == 1 && b.size() == 1) {
    network.push_back({a[0], b[0]});
    return {a[0], b[0]};
  }
  // Ranks 0, 2, ... of both and ranks 1, 3, ... of both are merged apart; then neighbours may be
  // one step out of order.
  const Places odd = merge(every_second(a, 0), every_second(b, 0), network);
  const Places even = merge(every_second(a, 1), every_second(b, 1), network);
  Places merged = {odd[0]};
  for (std::size_t i = 0; i < even.size() || i + 1 < odd.size(); ++i) {
    const bool has_even = i < even.size(), has_odd = i + 1 < odd.size();
    if (has_even && has_odd) network.push_back({even[i], odd[i + 1]});
    if (has_even) merged.push_back(even[i]);
    if (has_odd) merged.push_back(odd[i + 1]);
  }
  return merged;
}

// One half, then the other, then their merge: neighbours in this order share values, so that few
// leave the registers. Stage by stage, as the network is usually drawn, n = 51 spills four times as
// often.
inline Places sort(std::uint32_t begin, std::uint32_t end, std::vector<Comparator>& network) {
  if (end - begin == 1) return {begin};
  const std::uint32_t middle = begin + (end - begin) / 2;
  return merge(sort(begin, middle, network), sort(middle, end, network), network);
}

// The comparators, of those that put values in order, that the ranks first ... last depend on.
inline SelectionNetwork pruned(const std::vector<Comparator>& all, Places places, std::size_t first,
                               std::size_t last) {
  SelectionNetwork network{{}, std::move(places)};
  std::vector<char> needed(network.places.size(), 0);
  for (std::size_t rank = first; rank <= last; ++rank) needed[network.places[rank]] = 1;
  std::vector<char> kept(all.size(), 0);
  // Backwards from the ranks that are asked for: a comparator counts if either of its outputs does.
  for (std::size_t i = all.size(); i-- > 0;) {
    if (!needed[all[i].low] && !needed[all[i].high]) continue;
    needed[all[i].low] = needed[all[i].high] = kept[i] = 1;
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    if (kept[i]) network.comparators.push_back(all[i]);
  return network;
}

// Runs begin ... end - 1 of values in order, one run after the other from the place `next` on.
inline Places merge_runs(const std::vector<std::size_t>& runs, std::size_t begin, std::size_t end,
                         std::uint32_t& next, std::vector<Comparator>& network) {
  if (end - begin == 1) {
    Places run(runs[begin]);
    for (std::uint32_t& place : run) place = next++;
    return run;
  }
  const std::size_t middle = begin + (end - begin) / 2;
  const Places low = merge_runs(runs, begin, middle, next, network);
  const Places high = merge_runs(runs, middle, end, next, network);
  return merge(low, high, network);
}

}  // namespace detail

/// The comparators, of those that sort n >= 1 values, that the ranks first ... last depend on.
inline SelectionNetwork selection_network(std::size_t n, std::size_t first, std::size_t last) {
  std::vector<Comparator> all;
  detail::Places places = detail::sort(0, static_cast<std::uint32_t>(n), all);
  return detail::pruned(all, std::move(places), first, last);
}

/// The same of values that are in order already within each of at least one run of these lengths.
inline SelectionNetwork merging_network(const std::vector<std::size_t>& runs, std::size_t first,
                                        std::size_t last) {
  std::vector<Comparator> all;
  std::uint32_t next = 0;
  detail::Places places = detail::merge_runs(runs, 0, runs.size(), next, all);
  return detail::pruned(all, std::move(places), first, last);
}

}  // namespace byzsim
