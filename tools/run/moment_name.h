// A moment of a run as people name it: "step=200", "time=1.5s", "event=12345".
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/input/words.h"

namespace byzsim {

/// By what a moment is named.
enum class NamedBy {
  step,   ///< right after the event in which the last honest server reached the step
  time,   ///< when all events up to this simulated time have happened
  event,  ///< right after this event; 0: before the first
};
template <>
struct Words<NamedBy> {
  static constexpr std::array<const char*, 3> all = {"step", "time", "event"};
};

struct MomentName {
  NamedBy by;
  std::int64_t value;  ///< nanoseconds of a time
  friend bool operator==(const MomentName&, const MomentName&) = default;
};

/// What parse_moment accepts, for messages.
inline constexpr const char* kMomentForms = "step=200, time=1.5s or event=12345";

/// Throws InputError naming `where`.
MomentName parse_moment(const std::string& text, const std::string& where);
std::string to_string(const MomentName& place);

/// Digits alone, 12 at most. Throws InputError naming `where` and `what` the number is of.
std::int64_t parse_count(const std::string& text, const std::string& where,
                         const std::string& what);

}  // namespace byzsim
