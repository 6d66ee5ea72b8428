// What ends work of byzsim before its time: Ctrl-C, and the end of Python.
//
// byzsim works without Python's lock, so that Python's own handling of signals does not reach it.
// The thread that called byzsim asks for signals now and then, all its threads whether one came.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "core/machine/parallel.h"

namespace byzsim::python {

namespace py = pybind11;

/// Whether one call of byzsim is to end, and why: a handler of a signal raised, or a function of
/// the user's raised what is no Exception (KeyboardInterrupt, SystemExit), or Python ends. Made and
/// destroyed under Python's lock, by the thread that called byzsim.
class Interruption {
 public:
  /// How often Python is asked. Two looks fit into the tenth of a second that nobody notices.
  static constexpr std::chrono::milliseconds kLook{40};

  /// Whether the work is to end. On any thread, without the lock; the one that called byzsim asks
  /// Python now and then, and calls `also` under the lock then, if given.
  bool stops(const std::function<void()>& also = {});
  /// Asks Python at once. On the thread that called byzsim, without the lock.
  void look(const std::function<void()>& also = {});
  /// Calls a function of the user's with the lock held, on any thread. False where it was
  /// interrupted; any Exception of its passes.
  bool call(const std::function<void()>& function);
  /// The exception that has interrupted the work, or None. Throws InterpreterEnds. With the lock
  /// held, as all below.
  py::object reason() const;
  /// Throws what has interrupted the work, if anything has.
  void raise() const;
  /// Ends the work for that reason, unless there is one already.
  void note(py::object reason);

 private:
  void note_error(const py::error_already_set& error);

  const std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<bool> stopped_ = false;
  py::object reason_ = py::none();  // guarded by Python's lock
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
};

/// Does work that asks now and then whether it stops, without Python's lock: on this thread, or
/// `apart` on another one while this one looks for signals. Apart is for work on several threads,
/// of which this one may have to wait for the others. Ctrl-C raises nothing within functions of the
/// user's meanwhile, so that what they compute is there and the work ends after them; a second one
/// raises KeyboardInterrupt. Only in the main thread, and where nobody else handles SIGINT.
void work_unlocked(Interruption& interruption, bool apart, const std::function<void()>& work);

/// Computes on `threads` threads without Python's lock; broken off at an interruption point of the
/// executor, and then throws what has interrupted it.
void compute_unlocked(int threads, const std::function<void(const Executor&)>& compute);

}  // namespace byzsim::python
