// Compressors: what a sender makes of a vector so that it takes fewer bytes. One file each under
// compressors/; this header is what they share.
//
// A compressor C writes the dense vector that the receiver reads, of the sender's dimension d.
// Conventions for all: the magnitude of NaN is +infinity; of equal magnitudes the lowest index
// comes first; a finite value stays finite (one that would grow beyond the largest is that
// largest). Bytes count values as float32, whatever the type of the vector; headers of messages are
// not among them. The bits depend on the stream, never on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/exact/random.h"
#include "core/input/parameters.h"
#include "core/input/table.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// What a compressor is given. `Real` is float (runs) or double (`eval` on request).
template <class Real>
struct CompressorInput {
  std::span<const Real> vector;
  const Parameters& parameters;  ///< every parameter the compressor declares
  Stream stream;                 ///< of this message (compression_stream)
  const Executor& executor;
};

/// One compressor of the table. `compress` writes the values of the result to `out`, which does not
/// overlap the vector.
struct Compressor {
  Declaration declaration;
  void (*compress_float)(const CompressorInput<float>& input, float* out);
  void (*compress_double)(const CompressorInput<double>& input, double* out);
  /// Bytes of a message with a compressed vector.
  std::int64_t (*bytes)(const Parameters& parameters, std::size_t dimension);
  /// For an unbiased compressor, E[C(x)] = x: the least known omega with
  /// E|C(x) - x|^2 <= omega |x|^2. Null where it is biased.
  double (*variance)(const Parameters& parameters, std::size_t dimension) = nullptr;
  /// For a biased one: the largest known delta in (0, 1] with |C(x) - x|^2 <= (1 - delta) |x|^2.
  double (*shrinkage)(const Parameters& parameters, std::size_t dimension) = nullptr;
  std::string size = "";   ///< `bytes` for people, in the dimension d
  std::string error = "";  ///< bias and error for people

  void compress(const CompressorInput<float>& input, float* out) const {
    compress_float(input, out);
  }
  void compress(const CompressorInput<double>& input, double* out) const {
    compress_double(input, out);
  }
};

/// All compressors, in the order of compressors.def.
const Table<Compressor>& compressors();

/// The vector as its receiver reads it, written to as many values at `out`, which do not overlap
/// it. `choice` is one of the table, with parameters in their ranges.
template <class Real>
void compress(const Choice& choice, std::span<const Real> vector, const Stream& stream,
              const Executor& executor, Real* out);

/// Bytes of a message with a vector of that dimension.
std::int64_t compressed_bytes(const Choice& choice, std::size_t dimension);

/// The omega of an unbiased compressor; nothing where it is biased.
std::optional<double> compression_variance(const Choice& choice, std::size_t dimension);

/// The largest known delta with E|C(x) - x|^2 <= (1 - delta) |x|^2 for all x; 0 where none above 0
/// is known: then C is no contraction. Of an unbiased compressor it is 1 - omega.
double compression_contraction(const Choice& choice, std::size_t dimension);

/// Whether all nodes draw alike in a step, so that a receiver knows what a sender drew.
bool shares_coins(const Choice& choice);

/// The stream of one message, by the sending node (below 2^48 - 1) and the step's counter; with
/// shared coins by the counter alone.
Stream compression_stream(const Choice& choice, std::uint64_t seed, std::uint64_t node,
                          std::uint64_t counter);

}  // namespace byzsim
