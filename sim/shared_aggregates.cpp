#include "sim/shared_aggregates.h"

#include <algorithm>

namespace byzsim {
namespace {

// Enough for the quorums of some few servers at two steps at once; with many servers hardly two
// nodes hear the same anyway.
constexpr std::size_t kMostKept = 16;

bool same(const std::vector<Payload>& a, const std::vector<Payload>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Payload& x, const Payload& y) { return x.same_as(y); });
}

}  // namespace

Payload SharedAggregates::of(const std::vector<Payload>& vectors, std::int64_t missing,
                             const std::function<Payload()>& make) {
  const std::lock_guard lock(mutex_);
  for (const Aggregate& each : latest_)
    if (each.missing == missing && same(each.vectors, vectors)) return each.result;
  latest_.push_front({vectors, missing, make()});
  if (latest_.size() > kMostKept) latest_.pop_back();
  return latest_.front().result;
}

}  // namespace byzsim
