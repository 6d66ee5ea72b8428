#include "adversaries/plugins/plugin_vectors.h"

#include <string_view>
#include <variant>

#include "core/digest.h"

namespace byzsim {
namespace {

std::vector<GuardedMemory>& spare_memories() {
  thread_local std::vector<GuardedMemory> spare;
  return spare;
}

template <class Real>
std::string_view bytes_of(const Real* vector, std::size_t dimension) {
  return {reinterpret_cast<const char*>(vector), dimension * sizeof(Real)};
}

}  // namespace

template <class Real>
std::uint64_t digest_of_inputs(std::span<const Real* const> vectors, const Real* other,
                               std::size_t dimension, const Parameters& parameters) {
  Digest digest;
  digest.add({reinterpret_cast<const char*>(vectors.data()), vectors.size_bytes()});
  for (const Real* vector : vectors) digest.add(bytes_of(vector, dimension));
  if (other != nullptr) digest.add(bytes_of(other, dimension));
  for (const auto& [name, value] : parameters.values())
    if (const auto* text = std::get_if<std::string>(&value)) digest.add(*text);
  return digest.value();
}

template std::uint64_t digest_of_inputs(std::span<const float* const>, const float*, std::size_t,
                                        const Parameters&);
template std::uint64_t digest_of_inputs(std::span<const double* const>, const double*, std::size_t,
                                        const Parameters&);

GuardedMemory take_guarded_memory(std::size_t size) {
  std::vector<GuardedMemory>& spare = spare_memories();
  const auto large = std::find_if(spare.begin(), spare.end(), [&](const GuardedMemory& memory) {
    return memory.size() >= size;
  });
  if (large == spare.end()) {
    spare.clear();  // too small for what is asked now
    return GuardedMemory(size);
  }
  GuardedMemory memory = std::move(*large);
  spare.erase(large);
  return memory;
}

void give_back(GuardedMemory memory) { spare_memories().push_back(std::move(memory)); }

}  // namespace byzsim
