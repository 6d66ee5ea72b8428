// Distributions of time spans: how long a message or a computation takes. One file a distribution
// under delays/.
//
// A draw depends on its own stream, the seed, the link and the time at which the span begins, and
// on nothing that was drawn before. Spans are non-negative and finite, so that a network may be as
// slow as an asynchronous one (PODC 2020: no bound on delays) but loses nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/exact/random.h"
#include "core/input/table.h"
#include "sim/world/time.h"

namespace byzsim {

/// What one draw may depend on.
struct DelayDraw {
  Stream stream;       ///< of this draw alone
  std::uint64_t seed;  ///< of the scenario
  std::uint64_t link;  ///< sender and receiver, or a node and itself when it computes; 48 bits
  SimTime now;         ///< when the span begins
};

/// A distribution with its parameters: immutable, cheap to copy.
class Delay {
 public:
  using Span = std::function<double(DelayDraw&)>;
  /// Spans of draws whose streams begin with these bits, as a Span's, by the hundred.
  using Spans = std::function<void(std::span<const std::uint64_t> bits, std::span<double> spans)>;

  /// `content_digest`: of the data it draws from beside its parameters; 0 when there is none.
  /// `spans`: of a distribution that depends on the first bits of the stream alone.
  explicit Delay(Span span, std::uint64_t content_digest = 0, Spans spans = nullptr)
      : span_(std::move(span)), spans_(std::move(spans)), content_digest_(content_digest) {
    BYZ_CHECK(span_ != nullptr, "a delay draws spans");
  }

  /// A span in nanoseconds, before rounding; non-negative.
  double operator()(DelayDraw draw) const { return span_(draw); }
  /// Null where each draw is made by itself.
  const Spans& spans() const { return spans_; }
  std::uint64_t content_digest() const { return content_digest_; }

 private:
  Span span_;
  Spans spans_;
  std::uint64_t content_digest_;
};

/// One distribution of the table.
struct DelayEntry {
  Declaration declaration;
  /// `data_root` is where files lie that the parameters name; empty when unknown. Throws InputError
  /// for a file that cannot be used.
  std::function<Delay(const Parameters& parameters, const std::string& data_root)> make;
  /// What is wrong with parameters that are each in range; null when nothing can be.
  std::optional<std::string> (*problem)(const Parameters& parameters) = nullptr;
  /// The paths of the files that make() reads; null when there are none. Throws InputError for one
  /// that is missing.
  std::vector<std::string> (*files)(const Parameters& parameters,
                                    const std::string& data_root) = nullptr;
  /// The shortest span in nanoseconds; null where it is 0 or not known.
  std::int64_t (*shortest)(const Parameters& parameters) = nullptr;
};

/// All distributions, those from outside the tree after byzsim's own.
const Table<DelayEntry>& delays();
/// Adds a distribution from outside the tree, before anything runs.
void add_delay(DelayEntry delay);

/// The delay that a scenario names.
Delay make_delay(const Choice& choice, const std::string& data_root);

/// One draw, rounded to the nearest nanosecond (ties up); kEndOfTime for what no int64 holds.
std::int64_t draw_delay(const Delay& delay, const DelayDraw& draw);

/// What the delays of one message to several receivers have in common.
struct DelayDraws {
  std::uint64_t seed;
  std::uint64_t counter;  ///< of the streams; 40 bits
  SimTime now;
};

/// drawn[i] = draw_delay(delay, {Stream(seed, Purpose::delay, links[i], counter), seed, links[i],
/// now}), faster where the distribution has spans(); both have one size.
void draw_delays(const Delay& delay, const DelayDraws& draws, std::span<const std::uint64_t> links,
                 std::span<std::int64_t> drawn);

}  // namespace byzsim
