// Values as bytes, and back to the same bits: one walk over a type's members writes them or reads
// them, whichever the archive does, so that what is written and what is read cannot come apart.
//
// A type says what its members are in one of two ways, and neither lets a new member be forgotten:
// - plain structs count them: static constexpr std::size_t kFields = 3;
// - classes have void walk(Archive& archive), which lists them all in their order by all().
// Bytes are those of the machine (little-endian on every one that byzsim runs on). An archive holds
// no names and no types; who stores one puts a version beside it (sim/snapshot/snapshot.h).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"

namespace byzsim {

static_assert(std::endian::native == std::endian::little, "archives are little-endian");

/// A member that an archive leaves out: the reader has made it, from the scenario for example.
template <class T>
struct Unchanged {
  using Member = T;
  T& member;
};
template <class T>
Unchanged<T> unchanged(T& member) {
  return {member};
}

namespace detail {

template <class T>
struct MemberOf {
  using Type = T;
};
template <class T>
struct MemberOf<Unchanged<T>> {
  using Type = T;
};

/// Whether objects of `Self` have exactly these members in this order, as far as their places show.
template <class Self, class... Members>
constexpr bool covers() {
  const auto up = [](std::size_t place, std::size_t step) {
    return (place + step - 1) / step * step;
  };
  std::size_t end = std::is_polymorphic_v<Self> ? sizeof(void*) : 0;
  ((end = up(end, alignof(Members)) + sizeof(Members)), ...);
  return up(end, alignof(Self)) == sizeof(Self);
}

template <class T>
constexpr bool kIsOptional = false;
template <class T>
constexpr bool kIsOptional<std::optional<T>> = true;

}  // namespace detail

/// Writes values to a sink of bytes, or reads them from a source.
class Archive {
 public:
  using Sink = std::function<void(std::span<const char>)>;
  /// Fills all of the span, or throws.
  using Source = std::function<void(std::span<char>)>;

  explicit Archive(Sink sink) : sink_(std::move(sink)) { buffer_.reserve(kBuffered); }
  explicit Archive(Source source) : source_(std::move(source)) {}

  bool reads() const { return source_ != nullptr; }
  /// Writes the values, or reads them. Reading throws InputError for what the same walk has not
  /// written.
  template <class... Values>
  void operator()(Values&... values) {
    (each(values), ...);
  }
  /// The same of all members of a class, in the order of their declarations.
  template <class Self, class... Members>
  void all(const Self& /*self*/, Members&&... members) {
    static_assert(
        detail::covers<Self,
                       typename detail::MemberOf<std::remove_reference_t<Members>>::Type...>(),
        "a member is missing from the walk, or out of its order");
    (each(members), ...);
  }
  /// An object that several share: walk(T&) is called the first time alone. `identity` is an
  /// address that nothing else has meanwhile.
  template <class T, class Walk>
  void once(const void* identity, std::shared_ptr<const T>& object, const Walk& walk) {
    if (!reads()) {
      const auto [known, fresh] = numbers_.try_emplace(identity, numbers_.size());
      each(known->second);
      if (!fresh) return;
      shared_.push_back({object, &typeid(T)});  // so that no other takes its address
      walk(const_cast<T&>(*object));            // an archive that writes changes nothing
      return;
    }
    std::uint64_t number = 0;
    each(number);
    if (number < shared_.size()) {
      expect(shared_[number].object != nullptr && *shared_[number].type == typeid(T));
      object = std::static_pointer_cast<const T>(shared_[number].object);
      return;
    }
    expect(number == shared_.size());
    shared_.push_back({nullptr, &typeid(T)});
    const auto made = std::make_shared<T>();
    walk(*made);
    shared_[number].object = object = made;
  }
  /// Hands on what is buffered. After the last value.
  void flush();
  /// Throws InputError unless this holds of what was read.
  static void expect(bool holds);

 private:
  static constexpr std::size_t kBuffered = 1 << 20;
  struct Shared {
    std::shared_ptr<const void> object;  // null while it is being read
    const std::type_info* type;
  };

  // Writes the bytes, or fills them.
  void bytes(std::span<char> bytes);
  std::uint64_t size(std::size_t written);

  template <class T>
  void raw(std::span<T> values) {
    bytes({reinterpret_cast<char*>(values.data()), values.size_bytes()});
  }

  template <class T>
  void each(Unchanged<T>& /*member*/) {}

  template <class T>
  void each(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      auto byte = static_cast<std::uint8_t>(value);
      raw(std::span(&byte, 1));
      expect(byte <= 1);
      value = byte == 1;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      raw(std::span(&value, 1));
    } else if constexpr (requires { T::kFields; }) {
      fields(value);
    } else if constexpr (requires { value.walk(*this); }) {
      value.walk(*this);
    } else if constexpr (requires { value->walk(*this); } && !detail::kIsOptional<T>) {
      value->walk(*this);  // Cloned<T>
    } else {
      composed(value);
    }
  }

  template <class T>
  void composed(std::shared_ptr<const T>& object) {
    bool there = object != nullptr;
    each(there);
    if (!there)
      object = nullptr;
    else
      once(object.get(), object, [this](T& value) { each(value); });
  }
  template <class T>
  void composed(std::optional<T>& value) {
    bool there = value.has_value();
    each(there);
    if constexpr (std::is_default_constructible_v<T>) {
      if (!there) value.reset();
      if (there && !value) value.emplace();
    }
    expect(there == value.has_value());
    if (value) each(*value);
  }
  template <class First, class Second>
  void composed(std::pair<First, Second>& pair) {
    each(pair.first);
    each(pair.second);
  }
  template <class... Parts>
  void composed(std::tuple<Parts...>& parts) {
    std::apply([this](Parts&... each_part) { (each(each_part), ...); }, parts);
  }
  template <class T, std::size_t count>
  void composed(std::array<T, count>& values) {
    for (T& value : values) each(value);
  }
  void composed(std::string& text);
  void composed(std::vector<bool>& flags);
  template <class T>
  void composed(std::vector<T>& values) {
    sequence(values);
  }
  template <class T>
  void composed(std::deque<T>& values) {
    sequence(values);
  }
  template <class... Kinds>
  void composed(std::variant<Kinds...>& value) {
    auto index = static_cast<std::uint64_t>(value.index());
    each(index);
    expect(index < sizeof...(Kinds));
    std::uint64_t kind = 0;
    ((kind++ == index ? alternative<Kinds>(value) : void()), ...);
  }
  template <class Kind, class Variant>
  void alternative(Variant& value) {
    if (!std::holds_alternative<Kind>(value)) value = Kind{};
    each(std::get<Kind>(value));
  }
  template <class T>
  void composed(std::set<T>& values) {
    std::vector<T> listed(values.begin(), values.end());
    each(listed);
    if (reads()) values = std::set<T>(listed.begin(), listed.end());
  }
  template <class Key, class T>
  void composed(std::map<Key, T>& map) {
    if constexpr (std::is_default_constructible_v<T>) {
      std::uint64_t left = size(map.size());
      if (!reads()) {
        for (auto& [key, value] : map) entry(key, value);
        return;
      }
      for (map.clear(); left > 0; --left) {
        Key key{};
        T value{};
        entry(key, value);
        map.insert_or_assign(map.end(), std::move(key), std::move(value));
      }
    } else {
      // What cannot be made here is there already.
      expect(size(map.size()) == map.size());
      for (auto& [key, value] : map) {
        Key found = key;
        entry(found, value);
        expect(found == key);
      }
    }
  }
  template <class Key, class T>
  void entry(const Key& key, T& value) {
    each(const_cast<Key&>(key));  // only ever changed where it is no key yet
    each(value);
  }

  template <class List>
  void sequence(List& values) {
    using T = typename List::value_type;
    const std::uint64_t count = size(values.size());
    if constexpr (std::is_default_constructible_v<T>) {
      if (reads()) values = List(count);
    }
    expect(count == values.size());
    if constexpr (std::is_arithmetic_v<T> && requires { values.data(); })
      raw(std::span(values));
    else
      for (T& value : values) each(value);
  }

  // A struct's members, whose number the compiler checks.
  template <class T>
  void fields(T& value) {
    constexpr std::size_t count = T::kFields;
    static_assert(count >= 1 && count <= 24, "an archive takes structs of 1 to 24 members");
    if constexpr (count == 1) {
      auto& [a] = value;
      (*this)(a);
    } else if constexpr (count == 2) {
      auto& [a, b] = value;
      (*this)(a, b);
    } else if constexpr (count == 3) {
      auto& [a, b, c] = value;
      (*this)(a, b, c);
    } else if constexpr (count == 4) {
      auto& [a, b, c, d] = value;
      (*this)(a, b, c, d);
    } else if constexpr (count == 5) {
      auto& [a, b, c, d, e] = value;
      (*this)(a, b, c, d, e);
    } else if constexpr (count == 6) {
      auto& [a, b, c, d, e, f] = value;
      (*this)(a, b, c, d, e, f);
    } else if constexpr (count == 7) {
      auto& [a, b, c, d, e, f, g] = value;
      (*this)(a, b, c, d, e, f, g);
    } else if constexpr (count == 8) {
      auto& [a, b, c, d, e, f, g, h] = value;
      (*this)(a, b, c, d, e, f, g, h);
    } else if constexpr (count == 9) {
      auto& [a, b, c, d, e, f, g, h, i] = value;
      (*this)(a, b, c, d, e, f, g, h, i);
    } else if constexpr (count == 10) {
      auto& [a, b, c, d, e, f, g, h, i, j] = value;
      (*this)(a, b, c, d, e, f, g, h, i, j);
    } else if constexpr (count == 14) {
      auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value;
      (*this)(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
    } else {
      static_assert(count == 24, "structs of 11 to 13 or 15 to 23 members need a line here");
      auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = value;
      (*this)(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x);
    }
  }

  Sink sink_;
  Source source_;
  std::vector<char> buffer_;                      // of what is written
  std::map<const void*, std::uint64_t> numbers_;  // of shared objects that are written
  std::vector<Shared> shared_;                    // by number
};

/// All that a walk writes, as bytes.
std::string bytes_of(const std::function<void(Archive&)>& walk);
/// Lets a walk read what bytes_of() made. Throws InputError where it asks for more or leaves some:
/// the bytes are of something else.
void read_bytes(std::string_view bytes, const std::function<void(Archive&)>& walk);

}  // namespace byzsim
