#include "sim/network/delays/delay.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/exact/first_draws.h"

namespace byzsim {

namespace delays_list {
std::vector<DelayEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(DelayEntry, name),
#include "sim/network/delays/delays.def"
#undef STRATEGY
  };
}
}  // namespace delays_list

namespace {

constexpr std::size_t kDrawnAtOnce = 64;

std::int64_t rounded(double span) { return span_of(std::floor(span + 0.5)); }

Table<DelayEntry>& delay_table() {
  static Table<DelayEntry> entries(delays_list::all());
  return entries;
}

}  // namespace

const Table<DelayEntry>& delays() { return delay_table(); }

void add_delay(DelayEntry delay) {
  BYZ_CHECK(delay.make != nullptr, "a distribution makes delays");
  delay_table().add(std::move(delay));
}

Delay make_delay(const Choice& choice, const std::string& data_root) {
  return delays().at(choice.name).make(choice.parameters, data_root);
}

std::int64_t draw_delay(const Delay& delay, const DelayDraw& draw) { return rounded(delay(draw)); }

void draw_delays(const Delay& delay, const DelayDraws& draws, std::span<const std::uint64_t> links,
                 std::span<std::int64_t> drawn) {
  BYZ_CHECK(links.size() == drawn.size(), "every link draws a delay");
  const auto [seed, counter, now] = draws;
  if (!delay.spans()) {
    for (std::size_t i = 0; i < links.size(); ++i)
      drawn[i] =
          draw_delay(delay, {Stream(seed, Purpose::delay, links[i], counter), seed, links[i], now});
    return;
  }
  // In pieces that need no memory of the heap's.
  std::array<std::uint64_t, kDrawnAtOnce> bits;
  std::array<double, kDrawnAtOnce> spans;
  for (std::size_t begin = 0; begin < links.size(); begin += kDrawnAtOnce) {
    const std::size_t count = std::min(kDrawnAtOnce, links.size() - begin);
    first_bits({seed, Purpose::delay, counter}, links.subspan(begin, count),
               std::span(bits).first(count));
    delay.spans()(std::span(bits).first(count), std::span(spans).first(count));
    for (std::size_t i = 0; i < count; ++i) drawn[begin + i] = rounded(spans[i]);
  }
}

}  // namespace byzsim
