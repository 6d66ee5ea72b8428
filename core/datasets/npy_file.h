// NumPy's .npy format, versions 1.0 to 3.0 (numpy.lib.format): a header, which is a dictionary of
// Python written out, then the elements. Floats of 4 or 8 bytes, integers and booleans, of either
// byte order, in C or Fortran order. Files may be gzipped or plain. Written are vectors of float32.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace byzsim {

/// The elements of a file, as its header describes them.
struct NpyHeader {
  std::string descr;  ///< their type: "<f4" is little-endian float32
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// An array as numpy.load gives it, but for the type of its elements.
template <class Real>
struct NpyArray {
  std::vector<std::size_t> shape;  ///< of at least one axis, each of at least one
  std::vector<Real> values;        ///< in C order, whatever the file's
};

/// The whole array, each element converted to Real: integers beyond its precision are rounded.
/// Throws InputError naming the file, and what of it is not so. Memory is taken as data arrives,
/// not as the header promises. `accept` may refuse a file by its header, before anything else is
/// said of it. For float and double.
template <class Real>
NpyArray<Real> read_npy(const std::string& path,
                        const std::function<void(const NpyHeader&)>& accept = nullptr);

/// The bytes that numpy.save writes of a vector of float32: format version 1.0, little-endian.
/// Every NaN is written as the same one, because processors differ in its bits.
std::string npy_of(std::span<const float> values);

}  // namespace byzsim
