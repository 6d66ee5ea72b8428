// Threads decide when a task runs and which of them runs it, never what it gives: each writes its
// own value, once.

#include "core/machine/parallel.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/version.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "core/exact/floating_point.h"

namespace byzsim {
namespace {

// Whether somebody awaits the task and nobody has begun it.
bool is_open(const std::weak_ptr<detail::Task>& launched) {
  const auto task = launched.lock();
  return task && !task->is_claimed();
}

// Whether this process is a copy of one in which TBB has made threads, which a copy does not have.
bool has_lost_its_threads() {
  static const pid_t first = ::getpid();
  return ::getpid() != first;
}

// Who is at work for an executor. What TBB was handed may begin after the executor has gone, where
// all its threads were busy until then, or never; it finds the gate closed, or opened for another.
class Gate {
 public:
  // For an executor: what is handed out for it knows this number.
  std::uint64_t open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    return ++opened_;
  }
  bool enter(std::uint64_t opened) {
    const std::lock_guard lock(mutex_);
    const bool enters = is_open_ && opened == opened_;
    if (enters) ++within_;
    return enters;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    if (--within_ == 0) empty_.notify_all();
  }
  // Returns once all have left.
  void close() {
    std::unique_lock lock(mutex_);
    is_open_ = false;
    empty_.wait(lock, [&] { return within_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t within_ = 0;
  std::uint64_t opened_ = 0;  // how often
  bool is_open_ = false;
};

// Gates live as long as the process, since TBB may come to one at any time; executors share them
// one after the other.
class Gates {
 public:
  Gate& take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return *all_.emplace_back(std::make_unique<Gate>());
    Gate& gate = *free_.back();
    free_.pop_back();
    return gate;
  }
  void give_back(Gate& gate) {
    const std::lock_guard lock(mutex_);
    free_.push_back(&gate);
  }
  static Gates& of_process() {
    static Gates& gates = *new Gates;  // never destroyed: TBB's threads end later
    return gates;
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Gate>> all_;
  std::vector<Gate*> free_;
};

}  // namespace

bool detail::Task::run_if_unclaimed() {
  int expected = unclaimed;
  if (!state_.compare_exchange_strong(expected, running)) return false;
  try {
    compute();
  } catch (...) {
    // Kept for whoever asks for the value: a task may run on a thread that nobody waits for.
    error_ = std::current_exception();
  }
  state_.store(done);
  state_.notify_all();
  return true;
}

void detail::Task::finish() {
  if (!run_if_unclaimed())
    while (state_.load() != done) state_.wait(running);
  if (error_) std::rethrow_exception(error_);
}

struct Executor::Threads {
  // TBB limits itself to the machine's cores unless told that more are wanted.
  explicit Threads(int threads)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)),
        arena(threads) {}

  tbb::global_control limit;
  tbb::task_arena arena;
  const pid_t process = ::getpid();  // whose threads these are
  Gate& gate = Gates::of_process().take();
  const std::uint64_t opened = gate.open();
  std::mutex mutex;  // of launched
  // In their order; many are done by now. Not held: whoever awaits a value holds it, and a value
  // that nobody awaits any more need be neither kept nor computed.
  std::deque<std::weak_ptr<detail::Task>> launched;
};

// What TBB is handed: to do one thing that was launched. It holds nothing, as TBB may destroy it
// long after the executor, or not at all.
struct Executor::Handed {
  Gate* gate;
  std::uint64_t opened;
  const Executor* executor;  // there while the gate is open

  void operator()() const {
    if (!gate->enter(opened)) return;
    check_floating_point_environment();
    executor->run_another();
    gate->leave();
  }
};

Executor::Executor(int threads, Launched launched, std::function<void()> at_interruption_points)
    : threads_(threads),
      launched_(launched),
      at_interruption_points_(std::move(at_interruption_points)) {
  BYZ_CHECK(threads >= 1, "an executor needs at least one thread");
  // Where TBB would wait for threads that are no more, one thread gives the same.
  if (threads > 1 && !has_lost_its_threads()) tbb_ = std::make_unique<Threads>(threads);
}

Executor::~Executor() {
  if (!tbb_) return;
  if (tbb_->process != ::getpid()) {
    static_cast<void>(tbb_.release());  // the threads that it would wait for are no more
    return;
  }
  // Without waiting for a free thread of TBB's: each of them may be at work for another executor
  // that waits for this one.
  while (run_another()) continue;
  tbb_->gate.close();
  Gates::of_process().give_back(tbb_->gate);
}

void Executor::for_each(std::size_t count, const std::function<void(std::size_t)>& body) const {
  // In order and without TBB: a run on one thread has no other.
  if (!tbb_ || count < 2) {
    for (std::size_t i = 0; i < count; ++i) {
      interruption_point();
      body(i);
    }
    return;
  }
  tbb_->arena.execute([&] {
    // While it waits for its last pieces a thread may help with these only: another task could ask
    // for the very value that this thread is computing.
    tbb::this_task_arena::isolate([&] {
      tbb::parallel_for(
          std::size_t{0}, count,
          [&](std::size_t i) {
            check_floating_point_environment();
            interruption_point();
            body(i);
          },
          tbb::simple_partitioner{});
    });
  });
}

void Executor::enqueue(const std::shared_ptr<detail::Task>& task) const {
  if (!tbb_) return;  // computed when asked for
  {
    const std::lock_guard lock(tbb_->mutex);
    // The oldest are done or abandoned by now: the list stays as short as what is under way.
    while (!tbb_->launched.empty() && !is_open(tbb_->launched.front())) tbb_->launched.pop_front();
    tbb_->launched.push_back(task);
  }
  tbb_->arena.enqueue(Handed{&tbb_->gate, tbb_->opened, this});
}

bool Executor::run_another() const {
  if (!tbb_) return false;
  for (;;) {
    std::shared_ptr<detail::Task> task;
    {
      std::lock_guard lock(tbb_->mutex);
      if (tbb_->launched.empty()) return false;
      task = tbb_->launched.front().lock();
      tbb_->launched.pop_front();
    }
    if (task && task->run_if_unclaimed()) return true;
  }
}

std::string parallel_library_version() {
  return std::to_string(TBB_VERSION_MAJOR) + "." + std::to_string(TBB_VERSION_MINOR);
}

}  // namespace byzsim
