#include "adversaries/plugins/plugin_vectors.h"

#include <string_view>
#include <variant>

#include "core/check.h"
#include "core/exact/digest.h"

namespace byzsim {
namespace {

constexpr std::size_t kParts = 8, kAlwaysWhole = std::size_t{1} << 18;

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
std::uint64_t digest_of_inputs(const CheckedInputs<Real>& inputs, Checked checked) {
  BYZ_CHECK(checked.part < kParts, "a part of the inputs is one of the eight");
  const std::size_t bytes = (inputs.vectors.size() + 1) * inputs.dimension * sizeof(Real);
  const bool whole = checked.whole || bytes <= kAlwaysWhole;
  const std::size_t begin = whole ? 0 : inputs.dimension * checked.part / kParts;
  const std::size_t end = whole ? inputs.dimension : inputs.dimension * (checked.part + 1) / kParts;
  Digest digest;
  digest.add({reinterpret_cast<const char*>(inputs.vectors.data()), inputs.vectors.size_bytes()});
  digest.add(inputs.others);
  digest.add(inputs.weights);
  for (const Real* vector : inputs.vectors) digest.add(bytes_of(vector + begin, end - begin));
  if (inputs.other != nullptr) digest.add(bytes_of(inputs.other + begin, end - begin));
  for (const auto& [name, value] : inputs.parameters.values())
    if (const auto* text = std::get_if<std::string>(&value)) digest.add(*text);
  return digest.value();
}

template std::uint64_t digest_of_inputs(const CheckedInputs<float>&, Checked);
template std::uint64_t digest_of_inputs(const CheckedInputs<double>&, Checked);

Checked checked_in_call(bool asked_twice, Stream stream) {
  return {asked_twice, static_cast<std::size_t>(stream.bits() / 64 % kParts)};
}

GuardedMemory take_guarded_memory(std::size_t size) {
  BYZ_CHECK(size > 0, "an output has memory");
  std::vector<GuardedMemory>& spare = spare_memories();
  // The smallest that is large enough: a call may have a short and a long output.
  auto best = spare.end();
  for (auto each = spare.begin(); each != spare.end(); ++each)
    if (each->size() >= size && (best == spare.end() || each->size() < best->size())) best = each;
  if (best == spare.end()) {
    spare.clear();  // too small for what is asked now
    return GuardedMemory(size);
  }
  GuardedMemory memory = std::move(*best);
  spare.erase(best);
  return memory;
}

void give_back(GuardedMemory memory) { spare_memories().push_back(std::move(memory)); }

}  // namespace byzsim
