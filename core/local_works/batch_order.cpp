#include "core/local_works/batch_order.h"

#include <algorithm>

#include "core/check.h"
#include "core/exact/permutation.h"

namespace byzsim {

std::vector<std::uint32_t> places_of_batch(std::size_t examples, std::size_t batch_size,
                                           std::uint64_t number, PassOwner owner) {
  BYZ_CHECK(examples > 0 && batch_size > 0, "a batch is of examples");
  const std::uint64_t batches = (examples + batch_size - 1) / batch_size;
  // Made whole for each batch: nothing is kept between batches, and it costs little beside a
  // gradient.
  const std::vector<std::uint32_t> order = random_permutation(
      examples, Stream(owner.seed, Purpose::batch_order, owner.client, number / batches));
  const std::size_t first = static_cast<std::size_t>(number % batches) * batch_size;
  const std::size_t end = std::min(examples, first + batch_size);
  return {order.begin() + static_cast<std::ptrdiff_t>(first),
          order.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace byzsim
