// Tables of strategies. A strategy is one source file that defines `Entry name()` and one line
// STRATEGY(name) in a .def file, which both CMake (which files to compile) and the table read.
// Registration by static objects is avoided: in a static library the linker drops them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/parameters.h"

namespace byzsim {

/// An immutable list of entries, each with a member `declaration`.
template <class Entry>
class Table {
 public:
  explicit Table(std::vector<Entry> entries) : entries_(std::move(entries)) {}

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

  /// The entry of that name, or null.
  const Entry* find(std::string_view name) const {
    for (const Entry& entry : entries_)
      if (entry.declaration.name == name) return &entry;
    return nullptr;
  }
  /// The entry of that name, which must exist.
  const Entry& at(std::string_view name) const {
    const Entry* entry = find(name);
    BYZ_CHECK(entry != nullptr, "no strategy is called " + std::string(name));
    return *entry;
  }
  std::vector<Declaration> declarations() const {
    std::vector<Declaration> all;
    for (const Entry& entry : entries_) all.push_back(entry.declaration);
    return all;
  }

 private:
  std::vector<Entry> entries_;
};

}  // namespace byzsim
