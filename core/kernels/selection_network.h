// Sorting and selection networks: fixed sequences of comparators that put any n values in order,
// whatever they are. Built at compile time for kernels and at run time for any n.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
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

constexpr Places every_second(const Places& places, std::size_t first) {
  Places chosen;
  for (std::size_t i = first; i < places.size(); i += 2) chosen.push_back(places[i]);
  return chosen;
}

// Batcher's odd-even merge of sorted values of any counts (Knuth, The Art of Computer Programming
// 3, section 5.3.4): the places of the values in order.
constexpr Places merge(const Places& a, const Places& b, std::vector<Comparator>& network) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  if (a.size() == 1 && b.size() == 1) {
    network.push_back({a[0], b[0]});
    return {a[0], b[0]};
  }
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
constexpr Places sort(std::uint32_t begin, std::uint32_t end, std::vector<Comparator>& network) {
  if (end - begin == 1) return {begin};
  const std::uint32_t middle = begin + (end - begin) / 2;
  return merge(sort(begin, middle, network), sort(middle, end, network), network);
}

}  // namespace detail

/// The comparators, of those that sort n >= 1 values, that the ranks first ... last depend on.
constexpr SelectionNetwork selection_network(std::size_t n, std::size_t first, std::size_t last) {
  std::vector<Comparator> all;
  SelectionNetwork network;
  network.places = detail::sort(0, static_cast<std::uint32_t>(n), all);
  std::vector<char> needed(n, 0);
  for (std::size_t rank = first; rank <= last; ++rank) needed[network.places[rank]] = 1;
  std::vector<char> kept(all.size(), 0);
  for (std::size_t i = all.size(); i-- > 0;) {
    if (!needed[all[i].low] && !needed[all[i].high]) continue;
    needed[all[i].low] = needed[all[i].high] = kept[i] = 1;
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    if (kept[i]) network.comparators.push_back(all[i]);
  return network;
}

/// The same as a constant.
template <std::size_t n, std::size_t size>
struct ConstantNetwork {
  std::array<Comparator, size> comparators;
  std::array<std::uint32_t, n> places;
};

namespace detail {

// The most comparators that sort n values: ceil(log2 n) rounds of merges, the k-th of them at most
// k layers of n / 2.
constexpr std::size_t comparators_at_most(std::size_t n) {
  const auto rounds = static_cast<std::size_t>(std::bit_width(n - 1));
  return n * rounds * (rounds + 1) / 4;
}

template <std::size_t n>
struct RoomyNetwork {
  ConstantNetwork<n, comparators_at_most(n)> network{};
  std::size_t size = 0;
};

// Compilers take seconds over these few lines for all n: so once, with room for any number of
// comparators, and not a second time for the number alone.
template <std::size_t n, std::size_t first, std::size_t last>
constexpr RoomyNetwork<n> roomy_network() {
  const SelectionNetwork from = selection_network(n, first, last);
  RoomyNetwork<n> roomy;
  std::copy(from.comparators.begin(), from.comparators.end(), roomy.network.comparators.begin());
  std::copy(from.places.begin(), from.places.end(), roomy.network.places.begin());
  roomy.size = from.comparators.size();
  return roomy;
}

template <std::size_t n, std::size_t first, std::size_t last>
constexpr auto constant_network() {
  constexpr RoomyNetwork<n> roomy = roomy_network<n, first, last>();
  ConstantNetwork<n, roomy.size> constant{{}, roomy.network.places};
  std::copy_n(roomy.network.comparators.begin(), roomy.size, constant.comparators.begin());
  return constant;
}

}  // namespace detail

template <std::size_t n, std::size_t first, std::size_t last>
constexpr auto kSelectionNetwork = detail::constant_network<n, first, last>();

/// Applies put_in_order(values[low], values[high]) for the comparators begin ... begin + count - 1
/// of a constant network, as straight-line code. Halves, because compilers bound the depth of one
/// expression.
template <const auto& network, std::size_t begin, std::size_t count, class Value, class PutInOrder>
[[gnu::always_inline]] inline void run_network(Value* values, const PutInOrder& put_in_order) {
  if constexpr (count > 64) {
    run_network<network, begin, count / 2>(values, put_in_order);
    run_network<network, begin + count / 2, count - count / 2>(values, put_in_order);
  } else {
    [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
      (put_in_order(values[network.comparators[begin + i].low],
                    values[network.comparators[begin + i].high]),
       ...);
    }
    (std::make_index_sequence<count>{});
  }
}

}  // namespace byzsim
