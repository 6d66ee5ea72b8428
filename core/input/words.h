// Enumerations that people write and read as words: one table a type, from which everything else
// follows (reading, writing, messages, schemas).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.h"

namespace byzsim {

/// Specialise for an enumeration whose values count from 0: a static constexpr array `all` of its
/// words, in the order of its values.
template <class Enum>
struct Words;

/// An enumeration with a table of words.
template <class Enum>
concept HasWords = requires {
  Words<Enum>::all.size();
};

/// The word of a value.
template <HasWords Enum>
constexpr const char* to_string(Enum value) {
  const auto index = static_cast<std::size_t>(value);
  BYZ_CHECK(index < Words<Enum>::all.size(), "an enumeration holds one of its values");
  return Words<Enum>::all[index];
}

/// The value of a word, or nothing.
template <HasWords Enum>
constexpr std::optional<Enum> from_word(std::string_view word) {
  for (std::size_t i = 0; i < Words<Enum>::all.size(); ++i)
    if (word == Words<Enum>::all[i]) return static_cast<Enum>(i);
  return std::nullopt;
}

/// All words, in the order of their values.
template <HasWords Enum>
std::vector<std::string> words_of() {
  return {Words<Enum>::all.begin(), Words<Enum>::all.end()};
}

}  // namespace byzsim
