// A test part split off a file that comes without one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/datasets/dataset.h"

namespace byzsim {

using RowNumbers = std::vector<std::uint32_t>;  ///< of a file, from 0

/// The two parts, each in the file's order.
struct TestSplit {
  RowNumbers train;
  RowNumbers test;
};

/// The parameter that says how much is split off while the parameter `test_file` is empty.
Parameter test_fraction(const std::string& test_file);

/// How many of `count` rows to test with: test_fraction of them, to the nearest. A part without a
/// row is added to the issues.
std::size_t split_off(const DatasetInput& input, std::size_t count, Issues& issues);

/// Which rows: `test` of `count`, drawn from the seed.
TestSplit split_rows(std::size_t count, std::size_t test, std::uint64_t seed);

}  // namespace byzsim
