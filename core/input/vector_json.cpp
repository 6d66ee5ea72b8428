#include "core/input/vector_json.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace byzsim {
namespace {

constexpr float kFloatInfinity = std::numeric_limits<float>::infinity();
// The one NaN that has a word; any other keeps its bits.
constexpr std::uint32_t kQuietNan = 0x7fc00000;

// The shortest decimal that reads back as this float, where a double in between does no harm.
Json write_finite(float value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  double shortest = 0;
  std::from_chars(digits, end, shortest);
  // Through a double the shortest decimal may round to the float beside it.
  return static_cast<float>(shortest) == value ? shortest : double{value};
}

Json write_number(float value) {
  if (std::isnan(value)) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return bits == kQuietNan ? Json("nan") : Json(fmt::format("{:#010x}", bits));
  }
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return write_finite(value);
}

std::optional<float> parse_bits(const std::string& text) {
  // Eight digits, no fewer: all bits are written.
  if (text.size() != 10 || text.rfind("0x", 0) != 0) return std::nullopt;
  std::uint32_t bits = 0;
  const auto [rest, error] = std::from_chars(text.data() + 2, text.data() + 10, bits, 16);
  if (error != std::errc{} || rest != text.data() + 10) return std::nullopt;
  return std::bit_cast<float>(bits);
}

std::optional<float> read_number(const Json& json) {
  if (json.is_number()) {
    const auto value = static_cast<float>(json.get<double>());
    // A number beyond float32 would become an infinity that nobody wrote.
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
  }
  if (!json.is_string()) return std::nullopt;
  const std::string text = json.get<std::string>();
  if (text == "nan") return std::bit_cast<float>(kQuietNan);
  if (text == "inf") return kFloatInfinity;
  if (text == "-inf") return -kFloatInfinity;
  return parse_bits(text);
}

}  // namespace

Json write_vector(std::span<const float> values) {
  Json json = Json::array();
  for (const float value : values) json.push_back(write_number(value));
  return json;
}

std::optional<std::vector<float>> read_vector(const Json& json, const std::string& where,
                                              Issues& issues) {
  if (!json.is_array()) {
    issues.push_back({where, "must be a list of numbers, not " + brief(json), ""});
    return std::nullopt;
  }
  std::vector<float> values;
  for (std::size_t c = 0; c < json.size(); ++c) {
    const std::optional<float> value = read_number(json[c]);
    if (!value) {
      issues.push_back(
          {fmt::format("{}/{}", where, c),
           "must be a number that float32 holds, not " + brief(json[c]),
           "for others write \"inf\", \"-inf\", \"nan\" or the bits as \"0xffc00000\""});
      return std::nullopt;
    }
    values.push_back(*value);
  }
  return values;
}

Json schema_of_vector() {
  return {{"type", "array"},
          {"items",
           {{"anyOf",
             {{{"type", "number"}},
              {{"type", "string"}, {"pattern", "^(nan|-?inf|0x[0-9a-fA-F]{8})$"}}}}}}};
}

}  // namespace byzsim
