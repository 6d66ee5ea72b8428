// The witnesses that `byzsim search-inputs --out` writes, read again: a request of `byzsim eval` a
// line, of which both coefficients are computed.
#pragma once

#include <string>

#include "core/input/json.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// {"rule", "n", "f", "d", "kappa", "lambda", "kappa_outside", "lambda_outside"} of one line, which
/// has "aggregate", "f" and "vectors" of floats and may have "pre", "seed" and "precision". Throws
/// InputError naming `where`.
Json replayed_ratios(const std::string& line, const std::string& where, const Executor& executor);

}  // namespace byzsim
