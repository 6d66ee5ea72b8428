// What a user should hear beside the results.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace byzsim {

/// Writes to standard error, in the form of fmt. Where nobody can be told (a full disk under the
/// log, a terminal that is gone) the program goes on in silence: no work is lost for a remark.
template <class... Values>
void tell(fmt::format_string<Values...> form, Values&&... values) {
  const std::string text = fmt::format(form, std::forward<Values>(values)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace byzsim
