#include "tools/gather/gather_question.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/decimal.h"
#include "core/input/issue.h"

namespace byzsim {
namespace {

template <class Kind>
using Named = std::vector<std::pair<std::string, Kind>>;

const Named<QuorumLaw> kLaws = {{"uniform", QuorumLaw::uniform},
                                {"byzantine-first", QuorumLaw::byzantine_first},
                                {"byzantine-first-own", QuorumLaw::byzantine_first_own}};
const Named<Middle> kMiddles = {
    {"mean", Middle::mean}, {"lower", Middle::lower}, {"upper", Middle::upper}};

template <class Kind>
Kind kind_named(const std::string& name, const Named<Kind>& kinds, const std::string& option) {
  std::vector<std::string> names;
  for (const auto& [known, kind] : kinds) {
    if (known == name) return kind;
    names.push_back(known);
  }
  throw InputError(not_one_of(option, name, names));
}

}  // namespace

// One place more than the values need, so that means of two are exact.
GatherQuestion gather_question(const GatherWords& asked) {
  Decimals decimals = parse_decimals(asked.values, "--values");
  for (std::int64_t& units : decimals.units) units *= 10;
  std::sort(decimals.units.begin(), decimals.units.end());
  const auto correct = static_cast<std::int64_t>(decimals.units.size());
  // Without --quorum n - f, the number of honest servers: what a receiver can wait for.
  Gather gather{std::move(decimals.units), asked.byzantine, asked.quorum.value_or(correct),
                kind_named(asked.law, kLaws, "--law"),
                kind_named(asked.median, kMiddles, "--median")};
  throw_if_any(problems_of(gather));
  return {std::move(gather), decimals.places + 1};
}

std::string fraction_text(const Fraction& fraction) {
  if (fraction.denominator == 1) return fmt::format("{}", fraction.numerator);
  return fmt::format("{}/{}", fraction.numerator, fraction.denominator);
}

}  // namespace byzsim
