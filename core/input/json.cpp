#include "core/input/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/input/issue.h"

namespace byzsim {
namespace {

// Far more than a file needs: deeper nesting must not reach code that recurses.
constexpr int kDeepestNesting = 64;

std::string line_and_column(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

// The library's text after its own "[json.exception...] ... line x, column y: " preamble.
std::string reason_of(const Json::parse_error& error) {
  const std::string text = error.what();
  const std::size_t colon = text.find(": ", text.find("column"));
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

// Finds what the library would let pass: a repeated key and absurd nesting.
class StrictObserver {
 public:
  explicit StrictObserver(const std::string& source) : source_(source) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kDeepestNesting)
      throw InputError({source_, fmt::format("nested deeper than {} levels", kDeepestNesting),
                        "a scenario needs far fewer"});
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key) {
      const std::string& key = parsed.get_ref<const std::string&>();
      // Otherwise one of them would count, and the user would not know which.
      if (!keys_.back().insert(key).second)
        throw InputError({source_, fmt::format("duplicate key \"{}\"", key), "keep one"});
    }
    return true;
  }

 private:
  const std::string& source_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

Json parse_json(std::string_view text, const std::string& source) {
  try {
    StrictObserver observer(source);
    return Json::parse(text, std::ref(observer));
  } catch (const Json::parse_error& error) {
    // error.byte counts from 1 and points at the last byte read.
    const std::size_t byte = error.byte == 0 ? 0 : error.byte - 1;
    throw InputError({source, line_and_column(text, byte) + ": " + reason_of(error),
                      "fix the JSON syntax there"});
  } catch (const Json::out_of_range& error) {
    throw InputError({source, "a number is larger than a double can hold", "write a smaller one"});
  }
}

namespace {

constexpr std::size_t kColumns = 100;

bool holds_only_scalars(const Json& list) {
  return std::none_of(list.begin(), list.end(),
                      [](const Json& each) { return each.is_structured(); });
}

// Appends the value where `used` columns of the line are taken and lines begin with `indent`.
void append_lines(const Json& value, std::size_t indent, std::size_t used, std::string& text) {
  const std::string line = value.dump();
  // Below, not up to: a comma may follow.
  const bool whole = !value.is_structured() || used + line.size() < kColumns ||
                     (value.is_array() && holds_only_scalars(value));
  if (whole) {
    text += line;
    return;
  }
  const std::string begin = "\n" + std::string(indent + 2, ' ');
  text += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [key, member] : value.items()) {
    text += first ? begin : "," + begin;
    first = false;
    const std::string label = value.is_object() ? Json(key).dump() + ": " : "";
    text += label;
    append_lines(member, indent + 2, indent + 2 + label.size(), text);
  }
  text += "\n" + std::string(indent, ' ') + (value.is_object() ? "}" : "]");
}

}  // namespace

std::string lines_of(const Json& value) {
  std::string text;
  append_lines(value, 0, 0, text);
  return text + "\n";
}

std::string brief(const Json& value) {
  // Bytes that are no UTF-8 are replaced: a message about them must not throw.
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

std::string pointer_to(const std::string& where, std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '~')
      escaped += "~0";
    else if (c == '/')
      escaped += "~1";
    else
      escaped += c;
  }
  return where + "/" + escaped;
}

}  // namespace byzsim
