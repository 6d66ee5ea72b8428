// Fields of JSON that someone may have damaged since it was written.
#pragma once

#include <string>

#include "core/input/issue.h"
#include "core/input/json.h"

namespace byzsim {

/// What `read` takes out of JSON from `source`; a key that is missing, or of another kind than it
/// takes, becomes an InputError naming `source`.
template <class Read>
auto read_fields(const std::string& source, const std::string& remedy, const Read& read) {
  try {
    return read();
  } catch (const Json::exception& error) {
    const std::string text = error.what();  // "[json.exception.type_error.302] type must be ..."
    throw InputError(
        {source, "is not as byzsim wrote it: " + text.substr(text.find("] ") + 2), remedy});
  }
}

}  // namespace byzsim
