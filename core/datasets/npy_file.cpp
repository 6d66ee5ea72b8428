// A reader of a header that NumPy wrote, not of Python: what it does not know it refuses, whatever
// it could mean.

#include "core/datasets/npy_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "core/datasets/gzip_file.h"

namespace byzsim {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLargestHeader = std::size_t{1} << 16;  // NumPy itself reads 10,000 bytes
constexpr std::size_t kMostAxes = 32;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kChunkElements = std::size_t{1} << 16;
constexpr const char* kSaveAgain = "save the array again with numpy.save";
constexpr const char* kTypes =
    "convert it to float32, float64 or an integer type (array.astype) and save it again";

struct ElementType {
  char kind = 'f';  // f: float, i: signed, u: unsigned, b: boolean
  std::size_t bytes = 4;
  bool big_endian = false;
};

// A header while it is read.
struct ReadHeader {
  std::string descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::size_t>> shape;
};

// Takes what a dictionary of Python is made of from the front of a text. Each function takes
// nothing, and says so, where something else stands there.
class Literals {
 public:
  explicit Literals(std::string_view rest) : rest_(rest) {}

  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::optional<std::string> text() {
    skip_blanks();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return std::nullopt;
    // The same kind of quote closes the text; NumPy writes none within.
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == rest_.npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::optional<bool> boolean() {
    if (take("True")) return true;
    if (take("False")) return false;
    return std::nullopt;
  }
  std::optional<std::vector<std::size_t>> tuple() {
    std::vector<std::size_t> numbers;
    if (!take("(")) return std::nullopt;
    while (!take(")")) {
      const std::optional<std::size_t> number = integer();
      if (!number || numbers.size() == kMostAxes) return std::nullopt;
      numbers.push_back(*number);
      if (!take(",")) {
        if (!take(")")) return std::nullopt;
        break;
      }
    }
    return numbers;
  }
  bool at_end() {
    skip_blanks();
    return rest_.empty();
  }

 private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }
  std::optional<std::size_t> integer() {
    skip_blanks();
    std::size_t number = 0;
    const auto [stop, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
    take("L");  // a long of Python 2
    return number;
  }

  std::string_view rest_;
};

bool read_entry(Literals& literals, ReadHeader& header) {
  const std::optional<std::string> key = literals.text();
  if (!key || !literals.take(":")) return false;
  if (*key == "descr") {
    const std::optional<std::string> descr = literals.text();
    header.descr = descr.value_or("");
    return descr.has_value();
  }
  if (*key == "fortran_order") return (header.fortran_order = literals.boolean()).has_value();
  if (*key == "shape") return (header.shape = literals.tuple()).has_value();
  return false;
}

// Empty where the text is not a header as NumPy writes it.
std::optional<NpyHeader> parse_header(std::string_view text) {
  Literals literals(text);
  ReadHeader header;
  if (!literals.take("{")) return std::nullopt;
  while (!literals.take("}")) {
    if (!read_entry(literals, header)) return std::nullopt;
    if (literals.take(",")) continue;
    if (!literals.take("}")) return std::nullopt;
    break;
  }
  if (!literals.at_end() || header.descr.empty() || !header.fortran_order || !header.shape)
    return std::nullopt;
  return NpyHeader{header.descr, *header.fortran_order, *header.shape};
}

[[noreturn]] void fail_truncated(const GzipFile& file, std::uint64_t expected,
                                 std::uint64_t found) {
  file.fail(fmt::format("file is truncated: expected {} bytes, found {}", expected, found),
            kSaveAgain);
}

// How long the part before the elements is, and the header in it.
std::pair<std::size_t, NpyHeader> read_header(GzipFile& file) {
  std::array<std::uint8_t, 12> start{};
  const std::size_t got = file.read(start.data(), 8);
  const std::string_view found(reinterpret_cast<const char*>(start.data()), got);
  // What numpy.savez writes: a zip archive.
  if (found.starts_with("PK"))
    file.fail("is an archive of arrays (.npz)", "save each array with numpy.save");
  if (found.substr(0, kMagic.size()) != kMagic)
    file.fail("is not an array of NumPy: it does not begin with \\x93NUMPY", kSaveAgain);
  // After the magic: a short file that is no array is not one that was cut.
  if (got < 8) fail_truncated(file, 8, got);
  if (start[6] < 1 || start[6] > 3 || start[7] != 0)
    file.fail(
        fmt::format("has format version {}.{}; 1.0, 2.0 and 3.0 are read", start[6], start[7]),
        kSaveAgain);
  const std::size_t length_bytes = start[6] == 1 ? 2 : 4, before = 8 + length_bytes;
  if (const std::size_t more = file.read(&start[8], length_bytes); more < length_bytes)
    fail_truncated(file, before, 8 + more);
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) length = length << 8 | start[8 + i];
  if (length > kLargestHeader)
    file.fail(fmt::format("has a header of {} bytes; at most {} are read", length, kLargestHeader),
              kSaveAgain);
  std::string text(length, '\0');
  const std::size_t held = file.read(reinterpret_cast<std::uint8_t*>(text.data()), length);
  if (held < length) fail_truncated(file, before + length, before + held);
  std::optional<NpyHeader> header = parse_header(text);
  if (!header)
    file.fail(text.find('[') != text.npos ? "contains records, not numbers"
                                          : "has a header that is not as NumPy writes it",
              text.find('[') != text.npos ? kTypes : kSaveAgain);
  return {before + length, std::move(*header)};
}

ElementType type_of(const GzipFile& file, const std::string& descr) {
  static constexpr std::array<std::string_view, 11> known = {"f4", "f8", "i1", "i2", "i4", "i8",
                                                             "u1", "u2", "u4", "u8", "b1"};
  const std::string_view type = std::string_view(descr).substr(1);
  if (std::string_view("<>|=").find(descr[0]) == std::string_view::npos ||
      std::find(known.begin(), known.end(), type) == known.end())
    file.fail(fmt::format("contains elements of type \"{}\"", descr), kTypes);
  return {type[0], static_cast<std::size_t>(type[1] - '0'), descr[0] == '>'};
}

// How many elements; a file that cannot hold them is refused.
std::size_t count_of(const GzipFile& file, const std::vector<std::size_t>& shape,
                     std::size_t before, const ElementType& type) {
  if (shape.empty()) file.fail("contains a single number, not an array", kSaveAgain);
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end())
    file.fail("contains no elements", kSaveAgain);
  const std::uint64_t most = file.most_bytes();
  std::uint64_t count = 1;
  for (const std::size_t axis : shape) {
    // Divided, as the product of the axes may overflow.
    if (axis > most / type.bytes / count)
      file.fail(fmt::format("file is truncated: expected elements of the shape ({}), found at most "
                            "{} bytes",
                            fmt::join(shape, ", "), most),
                kSaveAgain);
    count *= axis;
  }
  if (before + count * type.bytes > most) fail_truncated(file, before + count * type.bytes, most);
  return static_cast<std::size_t>(count);
}

std::uint64_t bits_of(const std::uint8_t* bytes, const ElementType& type) {
  std::uint64_t bits = 0;
  // By shifts, so that the byte order of this machine has no part in it.
  for (std::size_t i = 0; i < type.bytes; ++i)
    bits = bits << 8 | bytes[type.big_endian ? i : type.bytes - 1 - i];
  return bits;
}

template <class Real>
Real element_of(const std::uint8_t* bytes, const ElementType& type) {
  const std::uint64_t bits = bits_of(bytes, type);
  if (type.kind == 'f' && type.bytes == 4)
    return static_cast<Real>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  if (type.kind == 'f') return static_cast<Real>(std::bit_cast<double>(bits));
  if (type.kind == 'b') return static_cast<Real>(bits != 0 ? 1 : 0);
  if (type.kind == 'u') return static_cast<Real>(bits);
  const std::size_t unused = 64 - 8 * type.bytes;  // shifted out and back, which copies the sign
  return static_cast<Real>(static_cast<std::int64_t>(bits << unused) >> unused);
}

// The same elements with the last axis running fastest, where the first did.
template <class Real>
std::vector<Real> in_c_order(const std::vector<Real>& values,
                             const std::vector<std::size_t>& shape) {
  const std::size_t axes = shape.size();
  std::vector<std::size_t> index(axes, 0), stride(axes, 1);
  for (std::size_t axis = axes - 1; axis-- > 0;) stride[axis] = stride[axis + 1] * shape[axis + 1];
  std::vector<Real> ordered(values.size());
  std::size_t place = 0;
  for (const Real value : values) {
    ordered[place] = value;
    for (std::size_t axis = 0; axis < axes; ++axis) {
      place += stride[axis];
      if (++index[axis] < shape[axis]) break;
      place -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return ordered;
}

}  // namespace

template <class Real>
NpyArray<Real> read_npy(const std::string& path,
                        const std::function<void(const NpyHeader&)>& accept) {
  GzipFile file(path);
  auto [before, header] = read_header(file);
  if (accept) accept(header);
  const ElementType type = type_of(file, header.descr);
  NpyArray<Real> array{std::move(header.shape), {}};
  const std::size_t count = count_of(file, array.shape, before, type);
  std::vector<std::uint8_t> chunk(kChunkElements * type.bytes);
  while (array.values.size() < count) {
    const std::size_t wanted = std::min(kChunkElements, count - array.values.size()) * type.bytes;
    const std::size_t got = file.read(chunk.data(), wanted);
    if (got < wanted)
      fail_truncated(file, before + count * type.bytes,
                     before + array.values.size() * type.bytes + got);
    for (std::size_t at = 0; at < wanted; at += type.bytes)
      array.values.push_back(element_of<Real>(&chunk[at], type));
  }
  if (file.read(chunk.data(), 1) != 0)
    file.fail(
        fmt::format("file is too long: expected {} bytes, found more", before + count * type.bytes),
        kSaveAgain);
  if (header.fortran_order) array.values = in_c_order(array.values, array.shape);
  return array;
}

template NpyArray<float> read_npy(const std::string& path,
                                  const std::function<void(const NpyHeader&)>& accept);
template NpyArray<double> read_npy(const std::string& path,
                                   const std::function<void(const NpyHeader&)>& accept);

std::string npy_of(std::span<const float> values) {
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({},), }}", values.size());
  // As NumPy pads it: the elements begin at a multiple of 64 bytes, and a newline ends the header.
  const std::size_t before = kMagic.size() + 4;
  header.append(kAlignment - 1 - (before + header.size()) % kAlignment, ' ');
  header += '\n';
  std::string bytes(kMagic);
  for (const std::size_t byte :
       {std::size_t{1}, std::size_t{0}, header.size() & 0xff, header.size() >> 8})
    bytes += static_cast<char>(byte);
  bytes += header;
  bytes.reserve(bytes.size() + values.size_bytes());
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(
        std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : value);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
  }
  return bytes;
}

}  // namespace byzsim
