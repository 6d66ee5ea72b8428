// What a strategy can be told: parameters declared once as data (type, range, default, sentence),
// from which the reader, `byzsim describe`, the JSON schema and the completions are made.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace byzsim {

/// A parameter's value. Durations are int64 nanoseconds; a seed is the int64 of the same 64 bits.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                           std::vector<double>>;

/// What kind of value a parameter has; reader, writer, schema and text follow from it.
enum class ParameterType {
  flag,
  integer,
  real,
  word,
  text,
  path,  ///< a text that names a file or a directory
  duration,
  integers,
  reals,
  seed,
  rate
};

/// When a parameter counts: only while another one has, or has not, a value.
struct Relevance {
  std::string other;  ///< the other parameter's name
  std::string value;  ///< as to_text() writes it
  bool equal = true;  ///< whether it must have it
};

/// One declared parameter.
struct Parameter {
  std::string name;
  std::string summary;
  ParameterType type = ParameterType::real;
  Value fallback;                                         ///< the default
  double low = -std::numeric_limits<double>::infinity();  ///< least value (nanoseconds: duration)
  double high = std::numeric_limits<double>::infinity();  ///< greatest value
  bool low_excluded = false;                              ///< the value must exceed `low`
  std::vector<std::string> words = {};  ///< the values of a word; words allowed beside a number
  bool any_text = false;                ///< also takes any text
  bool written_at_default = true;       ///< false: left out of what is written while at its default
  std::optional<Relevance> relevance = {};  ///< empty: it always counts
  std::string hint = "";                    ///< what to do instead of a value out of range

  /// The same parameter, accepting also this word ("auto").
  Parameter or_word(std::string word) const;
  /// The same, and the word is the default.
  Parameter or_default_word(std::string word) const;
  /// The same parameter, accepting also any text: the name of a column.
  Parameter or_text() const;
  /// The same parameter, with `low` itself excluded.
  Parameter above_low() const;
  /// The same parameter, not written while at its default: one that came later, so that the ids of
  /// earlier scenarios stay.
  Parameter omitted_at_default() const;
  /// The same parameter, which counts only while `other` is `value`, or unless it is.
  Parameter only_while(std::string other, std::string value) const;
  Parameter only_unless(std::string other, std::string value) const;
  /// The same parameter with what to do instead of a value out of range.
  Parameter with_hint(std::string hint) const;
};

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
/// Integers of a scenario stay exact in every JSON reader.
constexpr double kLargestInteger = 9007199254740991.0;  // 2^53 - 1

/// Declarations by type: name, default, range where there is one, and the sentence for people.
Parameter flag(std::string name, bool fallback, std::string summary);
Parameter integer(std::string name, std::int64_t fallback, double low, double high,
                  std::string summary);
Parameter real(std::string name, double fallback, double low, double high, std::string summary);
/// One of `words`; the first is the default.
Parameter word(std::string name, std::vector<std::string> words, std::string summary);
Parameter text(std::string name, std::string fallback, std::string summary);
/// The path of a file or a directory that a run reads; empty by default.
Parameter path(std::string name, std::string summary);
/// A time span written with its unit ("5 ms"); bounds in nanoseconds.
Parameter duration(std::string name, std::int64_t fallback_ns, double low_ns, double high_ns,
                   std::string summary);
/// A list of integers, each within [low, high].
Parameter integers(std::string name, std::vector<std::int64_t> fallback, double low, double high,
                   std::string summary);

/// A list of numbers, each within [low, high]; empty by default.
Parameter reals(std::string name, double low, double high, std::string summary);

/// A rate of data written with its unit ("10 Gbit/s"), in bits a second.
Parameter rate(std::string name, std::int64_t fallback, std::string summary);

/// 64 bits: an integer below 2^53, or a string of decimal or, after 0x, hexadecimal digits.
Parameter seed(std::string name, std::int64_t fallback, std::string summary);

/// "a number above 0", "an integer in [1, 64] or \"auto\"": what the parameter accepts.
std::string accepted(const Parameter& parameter);

/// "1.5", "mean", "5 ms": the value as a person writes it.
std::string to_text(const Parameter& parameter, const Value& value);

/// Values by name, in the order of their declaration. Asking for a name that is not there, or as
/// another type, is a programmer error.
class Parameters {
 public:
  Parameters() = default;
  /// These values, in this order; no name twice.
  explicit Parameters(std::vector<std::pair<std::string, Value>> values)
      : values_(std::move(values)) {}

  /// The value of a name as its declared type; durations in nanoseconds, rates in bits a second.
  bool flag(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  const std::string& word(std::string_view name) const;
  /// The same under the names of other types: a text or a path, a rate, a duration.
  const std::string& text(std::string_view name) const { return word(name); }
  std::int64_t bits_per_second(std::string_view name) const { return integer(name); }
  std::int64_t duration_ns(std::string_view name) const { return integer(name); }
  const std::vector<std::int64_t>& integers(std::string_view name) const;
  /// Whether a parameter of a number or a word, or of a number or a text, holds the latter.
  bool is_word(std::string_view name) const;

  /// Replaces the value of that name, or adds it as the last.
  void set(std::string name, Value value);
  const std::vector<std::pair<std::string, Value>>& values() const { return values_; }
  /// The value of a name that must be there, whatever its type.
  const Value& at(std::string_view name) const;
  friend bool operator==(const Parameters&, const Parameters&) = default;
  /// For an archive (core/input/archive.h).
  template <class Archive>
  void walk(Archive& archive) {
    archive.all(*this, values_);
  }

 private:
  std::vector<std::pair<std::string, Value>> values_;
};

/// Whether a parameter counts, the others of its strategy being as they are.
bool counts(const Parameter& parameter, const std::vector<Parameter>& declared,
            const Parameters& parameters);

/// Every declared parameter at its default.
Parameters defaults(const std::vector<Parameter>& declared);

/// A shared library with strategies from outside the tree, or a function of an interpreter.
struct PluginFile {
  std::string file;    ///< its path; "python:NAME" for a function
  std::string digest;  ///< of its bytes, or of the function's source: 16 hex digits
  /// Whether its arithmetic is that of an interpreter, whose bits nobody promises.
  bool is_interpreted() const { return file.starts_with("python:"); }
  friend bool operator==(const PluginFile&, const PluginFile&) = default;
};

/// What one alias of a strategy says beside its name: "mnist" is `idx` with the set "mnist".
struct Preset {
  std::string alias;
  std::string parameter;  ///< of type word
  std::string value;
};

/// What every strategy says of itself.
struct Declaration {
  std::string name;
  std::string summary;  ///< one sentence
  std::string source;   ///< where the definition comes from
  std::vector<Parameter> parameters = {};
  std::vector<std::string> aliases = {};  ///< what else the field calls it; accepted, not written
  std::vector<Preset> presets = {};       ///< of its aliases
  std::string number = "";  ///< the parameter that a bare number in place of a name is; empty: none
  std::optional<PluginFile> plugin = {};  ///< where it comes from; empty: built in
};

/// A strategy by name with its parameters: {"name": ..., "parameters": {...}} in JSON.
struct Choice {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::string name;
  Parameters parameters;
  friend bool operator==(const Choice&, const Choice&) = default;
};

}  // namespace byzsim
