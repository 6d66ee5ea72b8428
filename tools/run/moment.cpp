#include "tools/run/moment.h"

#include <fmt/format.h>

#include <optional>

#include "core/input/issue.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

std::optional<std::int64_t> digits_in(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 15 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::optional(std::stoll(text)) : std::nullopt;
}

template <class... Handlers>
struct Match : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Match(Handlers...) -> Match<Handlers...>;

std::string named_moment(const Moment& moment) {
  return std::visit(Match{[](const AtStep& at) { return fmt::format("step {}", at.step); },
                          [](const AtTime& at) { return format_duration(at.time); },
                          [](const AtEvent& at) { return fmt::format("event {}", at.event); }},
                    moment);
}

}  // namespace

Moment parse_moment(const std::string& text, const std::string& option) {
  const std::size_t equals = text.find('=');
  const std::string kind = text.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (const auto number = digits_in(value)) {
    if (kind == "step") return AtStep{*number};
    if (kind == "event") return AtEvent{static_cast<std::uint64_t>(*number)};
  }
  if (const auto time = parse_duration(value); time && kind == "time") return AtTime{*time};
  throw InputError({option,
                    fmt::format("must be a step, a simulated time or an event; found \"{}\"", text),
                    "write \"step=200\", \"time=1.5s\" or \"event=12345\""});
}

bool is_reached(const Moment& moment, const Simulation& simulation) {
  const auto next_is_later = [&](SimTime time) {
    return simulation.future().empty() || simulation.future().next_time() > time;
  };
  return std::visit(
      Match{[&](const AtStep& at) { return simulation.step() >= at.step; },
            [&](const AtTime& at) { return next_is_later(at.time); },
            [&](const AtEvent& at) { return simulation.totals().events >= at.event; }},
      moment);
}

void advance_to(const Moment& moment, Simulation& simulation, const std::string& option) {
  while (!is_reached(moment, simulation))
    if (simulation.advance() == nullptr)
      throw InputError({option,
                        fmt::format("the run ends before {}: at step {}, after {} events and {} s",
                                    named_moment(moment), simulation.step(),
                                    simulation.totals().events, seconds(simulation.now())),
                        "name an earlier moment"});
}

}  // namespace byzsim
