// Work on several threads whose results never depend on how many there are. Two forms only:
//   for_each  - independent pieces, each writing its own slot; the caller folds in index order
//   launch    - a pure function whose value is asked for later (Pending)
// No reduction here has a shape that depends on the number of threads. oneTBB is included by
// parallel.cpp alone.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/machine/spare_vectors.h"

namespace byzsim {

namespace detail {

/// A computation that exactly one thread runs: whoever claims it first. The thread that needs the
/// value claims it itself when no other has begun, so nothing ever waits for an idle thread.
class Task {
 public:
  virtual ~Task() = default;
  bool run_if_unclaimed();  ///< whether this call ran it
  bool is_done() const { return state_.load() == State::done; }
  bool is_claimed() const { return state_.load() != State::unclaimed; }
  void finish();  ///< returns once it has run, here or elsewhere; rethrows its exception

 protected:
  /// Called once, by the thread that has claimed the task; may throw.
  virtual void compute() = 0;

 private:
  enum State : int { unclaimed, running, done };
  // Also waited on: it changes to done after the value or the exception is there.
  std::atomic<int> state_{unclaimed};
  std::exception_ptr error_;
};

/// A Task with the value that it computes. `value()` only after it has finished without an
/// exception.
template <class T>
class ValueTask final : public Task {
 public:
  explicit ValueTask(std::function<T()> work) : work_(std::move(work)) {}
  const T& value() const { return *value_; }

 private:
  void compute() override {
    value_.emplace(work_());
    work_ = nullptr;  // what it captured is no longer needed
  }
  std::function<T()> work_;
  std::optional<T> value_;
};

}  // namespace detail

template <class T>
class PendingIdentity;

/// A value that may still be being computed. Copies share it; it never changes once computed.
template <class T>
class Pending {
 public:
  Pending() = default;  ///< no value at all
  explicit operator bool() const { return task_ != nullptr; }
  /// Whether both are one computation, whatever its value.
  bool same_as(const Pending& other) const { return task_ == other.task_; }

  /// The value, computed here if no other thread has begun. Rethrows what the computation threw.
  const T& get() const {
    BYZ_CHECK(task_ != nullptr, "an empty Pending has no value");
    task_->finish();
    return task_->value();
  }
  /// Computes the value here unless another thread has begun.
  void help() const {
    BYZ_CHECK(task_ != nullptr, "an empty Pending has no value");
    task_->run_if_unclaimed();
  }

  /// A value known already.
  static Pending ready(T value) {
    Pending pending =
        deferred([moved = std::make_shared<T>(std::move(value))] { return std::move(*moved); });
    pending.help();
    return pending;
  }
  /// A value computed by whoever first asks.
  static Pending deferred(std::function<T()> work) {
    Pending pending;
    pending.task_ = std::make_shared<detail::ValueTask<T>>(std::move(work));
    return pending;
  }

 private:
  friend class Executor;
  friend class PendingIdentity<T>;
  // Shared by all copies; null where there is no value at all.
  std::shared_ptr<detail::ValueTask<T>> task_;
};

/// Which Pending it is, without keeping it: no other is ever taken for it.
template <class T>
class PendingIdentity {
 public:
  explicit PendingIdentity(const Pending<T>& pending) : task_(pending.task_) {}
  /// Whether it is that one: by its owner, which no later Pending can share.
  bool is_of(const Pending<T>& pending) const {
    return !task_.owner_before(pending.task_) && !pending.task_.owner_before(task_);
  }
  /// The Pending itself while somebody keeps it; otherwise an empty one.
  Pending<T> still_kept() const {
    Pending<T> pending;
    pending.task_ = task_.lock();
    return pending;
  }

 private:
  // Keeps the owner's block and not the value, so that no later Pending can have the same one.
  std::weak_ptr<detail::ValueTask<T>> task_;
};

/// Waits for all: works from the back while other threads work from the front.
template <class T>
void finish_all(const std::vector<Pending<T>>& pending) {
  for (auto it = pending.rbegin(); it != pending.rend(); ++it) it->help();
  for (const Pending<T>& each : pending) each.get();
}

/// When what is launched is computed.
enum class Launched {
  soon,        ///< on any thread
  when_asked,  ///< by the thread that first asks, so that the order of asking decides
};

/// The threads a run may use. Not copyable; outlives all it launched. Never part of a result.
class Executor {
 public:
  /// `threads` >= 1, counting the calling one. `at_interruption_points` may throw to break off work
  /// that is done on it; it is called on any of the threads.
  explicit Executor(int threads, Launched launched = Launched::soon,
                    std::function<void()> at_interruption_points = {});
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// How many threads it was made with, the calling one among them.
  int threads() const { return threads_; }

  /// Vectors that its work has used, for what is computed next.
  const std::shared_ptr<SpareVectors>& spare_vectors() const { return spare_vectors_; }

  /// Calls body(0) ... body(count - 1), each once, in any order and on any thread; returns when all
  /// have. Rethrows an exception of a body.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& body) const;

  /// Where work may be broken off: before each piece of for_each, and in loops that can be long
  /// without one.
  void interruption_point() const {
    if (at_interruption_points_) at_interruption_points_();
  }

  /// Waits for all, and does meanwhile whatever else was launched. Not from within a launched
  /// function: it might be handed one that waits for it.
  template <class T>
  void finish_helping(const std::vector<Pending<T>>& pending) const {
    for (auto it = pending.rbegin(); it != pending.rend(); ++it) it->help();
    for (const Pending<T>& each : pending) {
      // Not only its own: a thread that computes this one may need others first.
      while (!each.task_->is_done() && run_another()) {
      }
      each.get();
    }
  }

  /// Starts a pure function soon on any thread. With one thread, or where its maker wants it so, it
  /// is computed when asked for.
  template <class T>
  Pending<T> launch(std::function<T()> work) const {
    Pending<T> pending = Pending<T>::deferred(std::move(work));
    if (threads_ > 1 && launched_ == Launched::soon) enqueue(pending.task_);
    return pending;
  }

 private:
  // Hands a task to the other threads; only with more than one thread.
  void enqueue(const std::shared_ptr<detail::Task>& task) const;
  bool run_another() const;  // whether there was a launched task that nobody had begun

  struct Threads;  // hides oneTBB
  struct Handed;
  int threads_;
  Launched launched_;
  std::function<void()> at_interruption_points_;  // none: nothing is broken off
  std::unique_ptr<Threads> tbb_;
  // Vectors that outlive the executor give themselves back.
  std::shared_ptr<SpareVectors> spare_vectors_ = std::make_shared<SpareVectors>();
};

/// The version of oneTBB, which this room alone includes.
std::string parallel_library_version();

}  // namespace byzsim
