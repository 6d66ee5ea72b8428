// Measured delays in a file: one sample a line, or one quantile a line.
//
// The file is part of a run's input: its digest is in the layer `draws`, and its path is in no id.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace byzsim {

/// What a delay file holds, in nanoseconds. Either samples, or the quantile function's values at
/// ascending probabilities.
struct DelayTable {
  std::vector<double> spans;          ///< at least one; of quantiles at least two, not descending
  std::vector<double> probabilities;  ///< of quantiles, in [0, 1]; empty for samples
};

/// The path of a delay file: as given or, when nothing is there, below the data root. Throws
/// InputError where there is none.
std::string find_delay_file(const std::string& given, const std::string& data_root);

/// Reads a CSV file, gzipped or plain: `delay` a line, or `probability,delay` a line, in units of
/// `unit_ns` nanoseconds. The first line may be a header. Throws InputError naming the file and its
/// faulty lines.
DelayTable read_delay_file(const std::string& path, std::int64_t unit_ns);

/// The digest of every bit of the table.
std::uint64_t digest_of(const DelayTable& table);

}  // namespace byzsim
