#include "tools/eval/line_fields.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <variant>

#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

// JSON has no non-finite numbers: three words stand for them.
double number_from(const Json& json, const std::string& where) {
  if (json.is_number()) return json.get<double>();
  if (json == "nan") return std::nan("");
  if (json == "inf") return INFINITY;
  if (json == "-inf") return -INFINITY;
  refuse_field(where, "must be a number, \"nan\", \"inf\" or \"-inf\", not " + brief(json));
}

template <class Real>
Json number_to(Real value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

}  // namespace

[[noreturn]] void refuse_field(const std::string& where, const std::string& problem,
                               const std::string& remedy) {
  throw InputError({where, problem, remedy});
}

template <class Real>
Json vector_to(const std::vector<Real>& vector) {
  Json json = Json::array();
  for (const Real value : vector) json.push_back(number_to(value));
  return json;
}

template <class Real>
std::vector<Real> vector_from(const Json& json, const std::string& where) {
  if (!json.is_array()) refuse_field(where, "must be a list of numbers, not " + brief(json));
  std::vector<Real> vector;
  for (std::size_t c = 0; c < json.size(); ++c) {
    const double number = number_from(json[c], fmt::format("{}/{}", where, c));
    vector.push_back(static_cast<Real>(number));
    // Silently infinite, the answer would be one to another question.
    if (std::isinf(vector.back()) && std::isfinite(number))
      refuse_field(fmt::format("{}/{}", where, c), brief(json[c]) + " is beyond float32",
                   "write \"inf\", or compute with \"precision\": \"float64\"");
  }
  return vector;
}

template <class Real>
std::vector<std::vector<Real>> vectors_from(const Json& request) {
  if (!request.contains("vectors") || !request["vectors"].is_array() || request["vectors"].empty())
    refuse_field("/vectors", "must be a list of at least one vector");
  std::vector<std::vector<Real>> vectors;
  for (std::size_t i = 0; i < request["vectors"].size(); ++i) {
    vectors.push_back(vector_from<Real>(request["vectors"][i], fmt::format("/vectors/{}", i)));
    if (vectors[i].size() != vectors[0].size())
      refuse_field(fmt::format("/vectors/{}", i),
                   fmt::format("has {} coordinates, and the first vector has {}", vectors[i].size(),
                               vectors[0].size()));
  }
  if (vectors[0].empty()) refuse_field("/vectors/0", "has no coordinates");
  return vectors;
}

std::int64_t integer_field(const Json& request, const std::string& key, std::int64_t fallback,
                           double high) {
  if (!request.contains(key)) return fallback;
  Issues issues;
  // By the reader of parameters, for its checks and its messages.
  const auto value =
      read_value(integer(key, fallback, 0, high, ""), request[key], "/" + key, issues);
  throw_if_any(issues);
  return std::get<std::int64_t>(*value);
}

std::uint64_t seed_field(const Json& request) {
  return static_cast<std::uint64_t>(integer_field(request, "seed", 1, kLargestInteger));
}

void print_notes(const Notes& notes) {
  for (const std::string& note : notes) tell("note: {}\n", note);
}

Choice choice_from(const Json& json, const std::string& where, const std::string& kind,
                   const std::vector<Declaration>& among) {
  Issues issues;
  Notes notes;
  Choice choice = read_choice(among, kind, json, where, issues, notes);
  throw_if_any(issues);
  print_notes(notes);
  return choice;
}

#define BYZ_INSTANTIATE(Real)                                              \
  template std::vector<Real> vector_from(const Json&, const std::string&); \
  template Json vector_to(const std::vector<Real>&);                       \
  template std::vector<std::vector<Real>> vectors_from(const Json&);
BYZ_INSTANTIATE(float)
BYZ_INSTANTIATE(double)
#undef BYZ_INSTANTIATE

}  // namespace byzsim
