// Fields that lines of `byzsim eval` share, between JSON and values. All throw InputError with
// place and remedy. JSON has no non-finite numbers: "nan", "inf" and "-inf" stand for them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "core/input/parameters.h"

namespace byzsim {

[[noreturn]] void refuse_field(const std::string& where, const std::string& problem,
                               const std::string& remedy = "");

/// A list of numbers, which no float32 may be too small for.
template <class Real>
std::vector<Real> vector_from(const Json& json, const std::string& where);
template <class Real>
Json vector_to(const std::vector<Real>& vector);
/// "vectors": at least one, of one dimension, at least 1.
template <class Real>
std::vector<std::vector<Real>> vectors_from(const Json& request);

/// An integer in [0, high], or the fallback.
std::int64_t integer_field(const Json& request, const std::string& key, std::int64_t fallback,
                           double high);
/// "seed" [default: 1].
std::uint64_t seed_field(const Json& request);

/// A strategy; an alias prints a note.
Choice choice_from(const Json& json, const std::string& where, const std::string& kind,
                   const std::vector<Declaration>& among);
/// On standard error.
void print_notes(const std::vector<std::string>& notes);

}  // namespace byzsim
