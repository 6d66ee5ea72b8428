#include "sim/nodes/shared_aggregates.h"

#include <algorithm>

#include "core/check.h"

namespace byzsim {
namespace {

// Enough for the quorums of some few servers at two steps at once; with many servers hardly two
// nodes hear the same anyway.
constexpr std::size_t kMostKept = 16;

bool are_of(const std::vector<Payload::Identity>& identities, const std::vector<Payload>& vectors) {
  return std::equal(
      identities.begin(), identities.end(), vectors.begin(), vectors.end(),
      [](const Payload::Identity& one, const Payload& vector) { return one.is_of(vector); });
}

}  // namespace

Payload SharedAggregates::of(const std::vector<Payload>& vectors, std::int64_t missing,
                             const std::function<Payload()>& make) {
  BYZ_CHECK(make != nullptr, "an aggregate that is not kept can be made again");
  BYZ_CHECK(!vectors.empty() && missing >= 0, "an aggregate is of vectors");
  // Held over make(), which only plans the computation: two nodes that ask at once would else
  // have it made twice.
  const std::lock_guard lock(mutex_);
  for (const Aggregate& each : latest_)
    if (each.missing == missing && are_of(each.vectors, vectors))
      // Identities keep nothing: an aggregate that nobody holds any more is made again, to the
      // same bits.
      if (Payload result = each.result.still_kept()) return result;
  Payload made = make();
  latest_.push_front({{vectors.begin(), vectors.end()}, missing, Payload::Identity(made)});
  if (latest_.size() > kMostKept) latest_.pop_back();
  return made;
}

}  // namespace byzsim
