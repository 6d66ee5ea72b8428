// The parameter "middle" of rules that take a median.
#pragma once

#include "core/input/parameters.h"
#include "core/kernels/order_statistics.h"

namespace byzsim {

/// The value of "middle": which of the two middle values an even count takes.
inline Middle middle_of(const Parameters& parameters) {
  const std::string& word = parameters.word("middle");
  if (word == "mean") return Middle::mean;
  return word == "lower" ? Middle::lower : Middle::upper;
}

}  // namespace byzsim
