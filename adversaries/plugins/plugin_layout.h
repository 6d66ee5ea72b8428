// The structs that a library declares, in the sizes with which it was compiled, read into byzsim's
// own: fields that the library does not have are 0, fields that byzsim does not know are left out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "adversaries/plugins/byzsim_plugin.h"
#include "core/input/parameters.h"

namespace byzsim {

/// The sizes that a library of version 1 has, which does not export them.
extern const byzsim_sizes kSizesOfVersion1;

/// The sizes that a library exports; `exported` is null where it exports none. Throws InputError
/// for sizes that no version has: too small, not of whole words, or beyond 64 KiB.
byzsim_sizes read_sizes(const void* exported, const PluginFile& plugin);

/// What a library exports. Throws InputError where it needs a version of the interface that this
/// program does not have, or names none.
byzsim_plugin read_plugin(const byzsim_plugin& exports, const byzsim_sizes& sizes,
                          const PluginFile& plugin);

/// The struct of `size` bytes.
template <class Struct>
Struct read_struct(const void* from, std::size_t size) {
  static_assert(std::is_trivially_copyable_v<Struct>);
  Struct read{};
  std::memcpy(&read, from, std::min(size, sizeof(Struct)));
  return read;
}

/// Entry `index` of the array of strategies, each of `size` bytes, of which the first
/// `declaration_size` are its declaration.
template <class Strategy>
Strategy read_strategy(const Strategy* array, std::size_t index, std::size_t size,
                       std::size_t declaration_size) {
  static_assert(offsetof(Strategy, declaration) == 0);
  constexpr std::size_t kDeclaration = sizeof(byzsim_declaration);
  const std::byte* from = reinterpret_cast<const std::byte*>(array) + index * size;
  Strategy read{};
  read.declaration = read_struct<byzsim_declaration>(from, declaration_size);
  std::memcpy(reinterpret_cast<std::byte*>(&read) + kDeclaration, from + declaration_size,
              std::min(size - declaration_size, sizeof(Strategy) - kDeclaration));
  return read;
}

/// Parameter `index` of the array, each of `size` bytes.
inline byzsim_parameter read_parameter(const byzsim_parameter* array, std::size_t index,
                                       std::size_t size) {
  return read_struct<byzsim_parameter>(reinterpret_cast<const std::byte*>(array) + index * size,
                                       size);
}

}  // namespace byzsim
