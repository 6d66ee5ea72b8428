// A map whose entries are in the order in which their keys came.
#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace byzsim {

/// Values by a key; a new key begins with an empty value.
template <class Key, class Value>
class InOrder {
 public:
  Value& operator[](const Key& key) {
    const auto [place, is_new] = places_.insert({key, entries_.size()});
    if (is_new) entries_.push_back({key, {}});
    return entries_[place->second].second;
  }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::map<Key, std::size_t> places_;
  std::vector<std::pair<Key, Value>> entries_;
};

}  // namespace byzsim
