// From the strictest reading to the loosest, so that an exact name is never taken for another's
// alias.

#include "core/input/strategy_names.h"

#include <algorithm>
#include <functional>

#include "core/input/issue.h"

namespace byzsim {
namespace {

bool separates(char c) { return c == '-' || c == '_' || c == ' '; }

std::string folded(const std::string& name) {
  std::string kept;
  for (const char c : name)
    if (!separates(c)) kept += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return kept;
}

bool has_alias(const Declaration& declaration, const std::string& name) {
  const auto& aliases = declaration.aliases;
  return std::find(aliases.begin(), aliases.end(), name) != aliases.end();
}

// Whether the name begins with these words, and goes on with another.
bool begins_with_words(const Declaration& declaration, const std::string& words) {
  const std::string& name = declaration.name;
  for (std::size_t end = 1; end < name.size(); ++end)
    if (separates(name[end]) && folded(name.substr(0, end)) == folded(words)) return true;
  return false;
}

// The only one that fits; null when none or several do.
const Declaration* only_one(const std::vector<Declaration>& among,
                            const std::function<bool(const Declaration&)>& fits) {
  const auto first = std::find_if(among.begin(), among.end(), fits);
  // Two that fit are a question, not an answer.
  if (first == among.end() || std::any_of(first + 1, among.end(), fits)) return nullptr;
  return &*first;
}

}  // namespace

bool same_name(const std::string& one, const std::string& other) {
  return folded(one) == folded(other) && !folded(one).empty();
}

bool is_called(const Declaration& declaration, const std::string& name) {
  return same_name(declaration.name, name) ||
         std::any_of(declaration.aliases.begin(), declaration.aliases.end(),
                     [&](const std::string& alias) { return same_name(alias, name); });
}

const Declaration* find_called(const std::vector<Declaration>& among, const std::string& name) {
  for (const Declaration& each : among)
    if (each.name == name) return &each;
  for (const Declaration& each : among)
    if (has_alias(each, name)) return &each;
  if (const Declaration* meant =
          only_one(among, [&](const Declaration& each) { return is_called(each, name); }))
    return meant;
  return only_one(among, [&](const Declaration& each) { return begins_with_words(each, name); });
}

std::vector<std::string> names_of(const std::vector<Declaration>& among) {
  std::vector<std::string> names;
  for (const Declaration& each : among) names.push_back(each.name);
  return names;
}

std::string choose_among(const std::vector<Declaration>& among, const std::string& name) {
  std::vector<std::string> known = names_of(among);
  for (const Declaration& each : among)
    known.insert(known.end(), each.aliases.begin(), each.aliases.end());
  // An alias that is near stands for its name.
  const std::string nearest = nearest_name(name, known);
  const Declaration* meant = nearest.empty() ? nullptr : find_called(among, nearest);
  return choose_from(meant != nullptr ? meant->name : name, names_of(among));
}

namespace {

// What else is called so in the field than the kind that was asked for.
struct OtherMeaning {
  const char *kind, *name, *remedy;
};
constexpr OtherMeaning kOtherMeanings[] = {
    {"rule", "FedAvg",
     "write the protocol fedavg with the rule average: \"protocol\": \"fedavg\" and "
     "\"aggregator\": \"average\" of its workers"}};

}  // namespace

std::string remedy_for(const std::vector<Declaration>& among, const std::string& kind,
                       const std::string& name) {
  for (const OtherMeaning& each : kOtherMeanings)
    if (kind == each.kind && same_name(name, each.name)) return each.remedy;
  return choose_among(among, name);
}

}  // namespace byzsim
