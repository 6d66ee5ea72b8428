#include "tools/search_inputs/inputs_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/decimal.h"
#include "core/input/parameter_reader.h"
#include "core/robustness/honest_sets.h"

namespace byzsim {
namespace {

constexpr std::int64_t kMostInputDimension = 1000;

// "5,11,21": whole numbers within [low, high].
std::vector<std::int64_t> whole_numbers_in(const std::string& list, const std::string& option,
                                           std::int64_t low, std::int64_t high) {
  const Decimals decimals = parse_decimals(list, option);
  for (const std::int64_t number : decimals.units)
    if (decimals.places != 0 || number < low || number > high)
      throw InputError({option, fmt::format("must be whole numbers in [{}, {}]", low, high),
                        "write one, or a list such as 5,11"});
  return decimals.units;
}

Json choice_json(const std::string& typed, const std::string& where) {
  return typed.starts_with("{") ? parse_json(typed, where) : Json(typed);
}

std::vector<Choice> chain_of(const std::vector<std::string>& typed, Issues& issues, Notes& notes) {
  std::vector<Choice> chain;
  for (const std::string& each : typed)
    chain.push_back(read_choice(pre_aggregators().declarations(), "pre-aggregator",
                                choice_json(each, "--pre"), "--pre", issues, notes));
  return chain;
}

std::vector<Choice> rules_of(const InputsWords& words, Issues& issues, Notes& notes) {
  const std::vector<Declaration> declarations = rules().declarations();
  if (!words.all)
    return {
        read_choice(declarations, "rule", choice_json(words.rule, "RULE"), "RULE", issues, notes)};
  std::vector<std::string> without;
  for (const std::string& each : words.without)
    without.push_back(
        read_choice(declarations, "rule", Json(each), "--without", issues, notes).name);
  std::vector<Choice> all;
  for (const Declaration& each : declarations)
    if (std::find(without.begin(), without.end(), each.name) == without.end())
      all.push_back(default_choice(declarations, each.name));
  return all;
}

// Why this search cannot be made; nothing where it can.
std::optional<std::string> obstacle(const InputsSetting& setting, bool unsafe) {
  const auto n = static_cast<std::int64_t>(setting.n);
  if (setting.aggregation.f >= n)
    return fmt::format("f = {} leaves none of {} honest", setting.aggregation.f, n);
  if (honest_sets(n, setting.aggregation.f) > kMostHonestSets)
    return fmt::format("{} vectors, {} of them Byzantine, have more than {} honest sets", n,
                       setting.aggregation.f, kMostHonestSets);
  return broken_condition(setting.aggregation, n, unsafe);
}

void refuse_missing(const InputsWords& words) {
  Issues issues;
  if (words.all && !words.rule.empty())
    issues.push_back({"--all", "searches every rule, and RULE names one", "leave one of them out"});
  if (!words.all && words.rule.empty())
    issues.push_back({"byzsim search-inputs", "missing argument RULE",
                      "name a rule (byzsim list rules), or use --all"});
  if (!words.all && !words.without.empty())
    issues.push_back({"--without", "leaves a rule out of all", "use it with --all"});
  if (!words.n)
    issues.push_back(
        {"byzsim search-inputs", "missing option --n", "write how many vectors are aggregated"});
  if (!words.f)
    issues.push_back(
        {"byzsim search-inputs", "missing option --f", "write how many of them may be Byzantine"});
  throw_if_any(issues);
}

}  // namespace

InputsRequest inputs_request(const InputsWords& words) {
  refuse_missing(words);
  const auto n = whole_numbers_in(*words.n, "--n", 1, kMostInputVectors);
  const auto f = whole_numbers_in(*words.f, "--f", 0, kMostInputVectors);
  const auto d = whole_numbers_in(words.d, "--d", 1, kMostInputDimension);
  if (n.size() != f.size())
    throw InputError({"--f", fmt::format("lists {} numbers, and --n lists {}", f.size(), n.size()),
                      "write one f for each n"});
  Issues issues;
  InputsRequest request;
  const auto chain = chain_of(words.pre, issues, request.left_out);
  const auto chosen = rules_of(words, issues, request.left_out);
  throw_if_any(issues);
  for (std::size_t i = 0; i < n.size(); ++i)
    for (const std::int64_t dimension : d)
      for (const Choice& rule : chosen) {
        const InputsSetting setting{{chain, rule, static_cast<int>(f[i])},
                                    static_cast<std::size_t>(n[i]),
                                    static_cast<std::size_t>(dimension)};
        const auto problem = obstacle(setting, words.unsafe);
        if (!problem)
          request.settings.push_back(setting);
        else if (!words.all)
          throw InputError({rule.name, *problem,
                            obstacle(setting, true)
                                ? "change --n or --f"
                                : "change --n or --f; --unsafe searches all that can be computed"});
        else if (dimension == d[0])
          request.left_out.push_back(
              fmt::format("{} is left out at n = {}, f = {}: {}", rule.name, n[i], f[i], *problem));
      }
  return request;
}

}  // namespace byzsim
