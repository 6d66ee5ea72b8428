// Tables of strategies. A strategy is one source file that defines `Entry name()` and one line
// STRATEGY(name) in a .def file, which both CMake (which files to compile) and the table read.
// Registration by static objects is avoided: in a static library the linker drops them.
#pragma once

#include <deque>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/input/parameters.h"

/// What a function defined in another source makes; both are of the namespace in which this stands.
#define BYZSIM_MADE_BY(Entry, function) \
  [] {                                  \
    extern Entry function();            \
    return function();                  \
  }()

namespace byzsim {

/// A list of entries, each with a member `declaration`. Those built in come first; entries from
/// outside the tree follow before anything runs. No entry ever moves.
template <class Entry>
class Table {
 public:
  /// Of the entries built in, whose names differ.
  explicit Table(std::vector<Entry> entries)
      : entries_(std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end())) {
  }

  /// Entries in the order of the .def file, then those that were added.
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
  /// Copies of all declarations, in that order: what readers and schemas work on.
  std::vector<Declaration> declarations() const {
    std::vector<Declaration> all;
    for (const Entry& entry : entries_) all.push_back(entry.declaration);
    return all;
  }

  /// Adds an entry of a new name, or puts it in the place of one from the same place outside the
  /// tree (a function that was redefined). Not while another thread reads.
  void add(Entry entry) {
    for (Entry& present : entries_)
      if (present.declaration.name == entry.declaration.name) {
        const auto &before = present.declaration.plugin, &now = entry.declaration.plugin;
        BYZ_CHECK(before && now && before->file == now->file,
                  "there is a strategy " + entry.declaration.name + " already");
        present = std::move(entry);
        return;
      }
    entries_.push_back(std::move(entry));
  }

 private:
  // Not a vector: pointers to entries stay valid when one is added.
  std::deque<Entry> entries_;
};

}  // namespace byzsim
