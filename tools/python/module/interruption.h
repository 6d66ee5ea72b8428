// Ctrl-C while byzsim works without Python's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

namespace byzsim::python {

namespace py = pybind11;

/// What has interrupted one call of byzsim: a signal, or an exception that is no Exception
/// (KeyboardInterrupt, SystemExit) out of a function of the user's. Work ends by itself then, with
/// what it has done.
class Interruption {
 public:
  /// How often Python is asked. Two looks fit into the tenth of a second that nobody notices.
  static constexpr std::chrono::milliseconds kLook{40};

  /// Whether the work is to end. Looks now and then; on the thread that called byzsim only.
  bool stops();
  /// The same without looking; on any thread.
  bool stopped() const { return stopped_; }
  /// Asks Python for signals. On the thread that called byzsim, without the lock.
  void look();
  /// Calls a function of the user's with the lock held, on any thread. False where it was
  /// interrupted; any other exception of its passes.
  bool call(const std::function<void()>& function);
  /// Throws what has interrupted the work, if anything has.
  void raise() const;

 private:
  void note(const std::exception_ptr& reason);

  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;  // of reason_
  std::exception_ptr reason_;
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
};

/// Work that asks now and then whether it is to end.
using StoppableWork = std::function<void(const std::function<bool()>& stop)>;

/// Does it without Python's lock: on this thread, which looks for signals then, or `apart` on
/// another one while this one looks. Apart is for work on several threads, of which this one may
/// have to wait for the others.
void work_unlocked(Interruption& interruption, bool apart, const StoppableWork& work);

/// A Python object that threads without Python's lock may copy and drop.
using SharedObject = std::shared_ptr<py::object>;
SharedObject shared_object(py::object object);

}  // namespace byzsim::python
