#include "sim/gather/rule_lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr std::array<std::string_view, 9> kLinearRules = {"average", "median", "trimmed_mean",
                                                          "monna",   "bridge", "clipped_gossip",
                                                          "cs_plus", "gts",    "ios"};

// One value and another, or their reflections at the own one, which is 0.
void add_ties_of_values(const LineInput& input, std::vector<Affine>& lines) {
  for (std::size_t i = 0; i < input.values.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      lines.push_back(input.values[i] - input.values[j]);
      lines.push_back(input.values[i] + input.values[j]);
    }
}

void add_ties_with_radius(const LineInput& input, double radius, std::vector<Affine>& lines) {
  for (const Affine& value : input.values)
    for (const double side : {-radius, radius}) lines.push_back(value + Affine{side, {}});
}

// Of those left, with which the own one has the weighted mean that their distances are to.
void add_ties_about_mean(const LineInput& input, const std::vector<std::size_t>& left,
                         std::vector<Affine>& lines) {
  Affine sum = input.weights[input.own] * input.values[input.own];
  double weight = input.weights[input.own];
  for (const std::size_t i : left) {
    sum = sum + input.weights[i] * input.values[i];
    weight += input.weights[i];
  }
  if (weight == 0) return;
  const Affine twice_mean = (2 / weight) * sum;
  for (std::size_t a = 0; a < left.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      lines.push_back(input.values[left[a]] + input.values[left[b]] - twice_mean);
}

// The same once up to `dropped` from place `first` on were taken away.
void add_ties_about_means(const LineInput& input, const std::vector<std::size_t>& left,
                          std::size_t first, int dropped, std::vector<Affine>& lines) {
  if (dropped < 0) return;
  add_ties_about_mean(input, left, lines);
  for (std::size_t place = first; place < left.size(); ++place) {
    std::vector<std::size_t> fewer = left;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(place));
    add_ties_about_means(input, fewer, place, dropped - 1, lines);
  }
}

std::vector<std::size_t> all_but_own(const LineInput& input) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < input.values.size(); ++i)
    if (i != input.own) all.push_back(i);
  return all;
}

}  // namespace

std::optional<Issue> problem_of_lines(const Choice& rule) {
  const Parameters& parameters = rule.parameters;
  if (std::find(kLinearRules.begin(), kLinearRules.end(), rule.name) == kLinearRules.end())
    return Issue{"", fmt::format("{} is not linear between ties of values or distances", rule.name),
                 fmt::format("use one of: {}", fmt::join(kLinearRules, ", "))};
  if (rule.name == "clipped_gossip" && parameters.is_word("radius") &&
      parameters.word("radius") == "adaptive")
    return Issue{"/parameters/radius", "an adaptive radius is a root of squared distances",
                 "use a number or \"second_largest\""};
  if (rule.name == "bridge" && parameters.word("screen") != "trimmed_mean" &&
      parameters.word("screen") != "median")
    return Issue{"/parameters/screen",
                 fmt::format("{} compares sums of squares", parameters.word("screen")),
                 "use \"trimmed_mean\" or \"median\""};
  if (rule.name == "monna" && !parameters.is_word("pivot"))
    return Issue{"/parameters/pivot", "another node's vector may be a Byzantine one",
                 "use \"own\""};
  return std::nullopt;
}

std::optional<double> clipping_radius(const Choice& rule) {
  if (rule.name != "clipped_gossip" || rule.parameters.is_word("radius")) return std::nullopt;
  const double radius = rule.parameters.real("radius");
  return std::isfinite(radius) ? std::optional(radius) : std::nullopt;
}

std::vector<Affine> lines_of(const Choice& rule, const LineInput& input) {
  BYZ_CHECK(!problem_of_lines(rule), "a rule has lines");
  BYZ_CHECK(input.own < input.values.size() && input.weights.size() == input.values.size(),
            "the own value is one of those that have weights");
  std::vector<Affine> lines;
  add_ties_of_values(input, lines);
  if (const auto radius = clipping_radius(rule)) add_ties_with_radius(input, *radius, lines);
  if (rule.name == "ios") add_ties_about_means(input, all_but_own(input), 0, input.f - 1, lines);
  return lines;
}

}  // namespace byzsim
