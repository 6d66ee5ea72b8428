// Arrays of NumPy as bytes, put together by hand.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace byzsim::npy_arrays {

/// The file of format version 1.0 with this header and these elements.
inline std::string with_header(const std::string& header, const std::string& elements,
                               int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>(header.size() >> 8 * i & 0xff);
  return bytes + header + elements;
}

/// As numpy.save writes it.
inline std::string array(const std::string& descr, const std::string& shape,
                         const std::string& elements, bool fortran = false, int version = 1) {
  return with_header("{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
                         ", 'shape': " + shape + ", }   \n",
                     elements, version);
}

/// The values as a little-endian machine keeps them.
template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace byzsim::npy_arrays
