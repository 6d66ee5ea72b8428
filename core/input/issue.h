// What a user did wrong: the place, the rule and the remedy. Issues are collected, so that all
// mistakes of a scenario are reported at once, and thrown together as InputError.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace byzsim {

/// One mistake in something the user gave.
struct Issue {
  std::string where;    ///< JSON pointer ("/workers/count"), file name or option; may be empty
  std::string problem;  ///< what rule is broken, with the value found
  std::string remedy;   ///< what to do about it; may be empty

  friend bool operator==(const Issue&, const Issue&) = default;
};

using Issues = std::vector<Issue>;

/// What a user should know although nothing is wrong, a sentence each.
using Notes = std::vector<std::string>;

/// "where: problem; remedy".
std::string to_string(const Issue& issue);

/// Bad usage, scenario or data: exit code 2. what() holds one line an issue.
class InputError : public std::runtime_error {
 public:
  explicit InputError(Issues issues);
  explicit InputError(Issue issue) : InputError(Issues{std::move(issue)}) {}
  /// All of them, at least one, in the order in which they were found.
  const Issues& issues() const { return issues_; }

 private:
  Issues issues_;
};

/// Throws InputError if there is any issue.
void throw_if_any(const Issues& issues);

/// The name of `names` that is fewest edits away from `name`, in any case; empty when none is near:
/// more than a third of its letters would have to change, or one of three letters be another. The
/// first wins a tie.
std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

/// "did you mean 'X'?" with the nearest name; empty when none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

/// "must be one of: a, b, c; found "x"", with the nearest name as remedy.
Issue not_one_of(std::string where, const std::string& word, const std::vector<std::string>& names);

/// "did you mean 'X'? one of: a, b, c": the remedy for a name that is not in `names`.
std::string choose_from(std::string_view name, const std::vector<std::string>& names);

}  // namespace byzsim
