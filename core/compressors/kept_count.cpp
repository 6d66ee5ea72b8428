#include "core/compressors/kept_count.h"

#include <algorithm>
#include <cmath>

namespace byzsim {

std::vector<Parameter> kept_count_parameters() {
  return {integer("k", 1, 1, 1e12,
                  "number of coordinates that are kept; share: by the parameter of this name; all "
                  "where there are no more")
              .or_default_word("share"),
          real("share", 0.1, 0, 1,
               "the share of the coordinates that is kept, rounded to the nearest count, at least "
               "one")
              .above_low()
              .only_while("k", "share")};
}

std::size_t kept_count(const Parameters& parameters, std::size_t dimension) {
  const double wanted =
      parameters.is_word("k")
          ? std::floor(parameters.real("share") * static_cast<double>(dimension) + 0.5)
          : static_cast<double>(parameters.integer("k"));
  return std::min(dimension, static_cast<std::size_t>(std::max(1.0, wanted)));
}

}  // namespace byzsim
