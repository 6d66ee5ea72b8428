// Every transfer under way is served alike, so that one growing count of bytes a transfer stands
// for all of them: each ends when it reaches a mark set at its beginning.

#include "sim/network/shared_link.h"

#include "core/input/archive.h"

#include <algorithm>
#include <cmath>

namespace byzsim {

void SharedLink::serve_until(SimTime now) {
  BYZ_CHECK(now >= now_, "a link is not served backwards");
  if (under_way_.empty())
    served_ = 0;  // keeps the numbers small
  else
    served_ +=
        static_cast<double>(now - now_) * bytes_per_ns_ / static_cast<double>(under_way_.size());
  now_ = now;
}

void SharedLink::begin(SimTime now, std::uint64_t bytes, std::int64_t transfer) {
  serve_until(now);
  under_way_.push_back({served_ + static_cast<double>(bytes), transfer});
  std::push_heap(under_way_.begin(), under_way_.end());
}

std::optional<SimTime> SharedLink::next_end() const {
  if (under_way_.empty()) return std::nullopt;
  // Rounding may have served a little more than was left.
  const double bytes = std::max(0.0, under_way_.front().end - served_);
  // Up: a card that is looked at before the end would have to be looked at again.
  const double span = std::ceil(bytes * static_cast<double>(under_way_.size()) / bytes_per_ns_);
  return after(now_, span_of(span));
}

std::vector<std::int64_t> SharedLink::ended(SimTime now) {
  serve_until(now);
  std::vector<std::int64_t> ended;
  // Within a billionth of a byte: rounding must not leave a transfer one bit short of its end.
  while (!under_way_.empty() && under_way_.front().end <= served_ * (1 + 1e-12) + 1e-9) {
    ended.push_back(under_way_.front().number);
    std::pop_heap(under_way_.begin(), under_way_.end());
    under_way_.pop_back();
  }
  return ended;
}

void SharedLink::walk(Archive& archive) {
  archive.all(*this, bytes_per_ns_, served_, now_, under_way_);
}

}  // namespace byzsim
