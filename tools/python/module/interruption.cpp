#include "tools/python/module/interruption.h"

#include <future>
#include <optional>

#include "tools/python/module/python_lock.h"

namespace byzsim::python {
namespace {

// While one lives, the first Ctrl-C is noted, and a second one raises KeyboardInterrupt at once.
class NotedCtrlC {
 public:
  explicit NotedCtrlC(Interruption& interruption) : signal_(py::module_::import("signal")) {
    const py::module_ threading = py::module_::import("threading");
    const bool is_main = threading.attr("current_thread")().is(threading.attr("main_thread")());
    if (!is_main || !handler().is(signal_.attr("default_int_handler"))) return;
    set(py::cpp_function([&interruption](const py::args&) {
      if (!interruption.reason().is_none()) raise_now();
      interruption.note(py::reinterpret_borrow<py::object>(PyExc_KeyboardInterrupt)());
    }));
    is_set_ = true;
  }
  ~NotedCtrlC() {
    if (!is_set_) return;
    try {
      set(signal_.attr("default_int_handler"));
    } catch (const py::error_already_set&) {
      // A second Ctrl-C at this very moment, whose handler was called first. The first one counts.
      set(signal_.attr("default_int_handler"));
    }
  }
  NotedCtrlC(const NotedCtrlC&) = delete;
  NotedCtrlC& operator=(const NotedCtrlC&) = delete;

 private:
  [[noreturn]] static void raise_now() {
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    throw py::error_already_set();
  }
  py::object handler() const { return signal_.attr("getsignal")(signal_.attr("SIGINT")); }
  void set(const py::object& to) const { signal_.attr("signal")(signal_.attr("SIGINT"), to); }

  py::module_ signal_;
  bool is_set_ = false;
};

// Thrown at an interruption point; never leaves this file.
struct BrokenOff {};

}  // namespace

bool Interruption::stops(const std::function<void()>& also) {
  if (stopped_ || std::this_thread::get_id() != caller_) return stopped_;
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < kLook) return false;
  looked_ = now;
  look(also);
  return stopped_;
}

void Interruption::look(const std::function<void()>& also) {
  if (interpreter_ends()) stopped_ = true;
  const py::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) note_error(py::error_already_set());
  if (also) call(also);
}

bool Interruption::call(const std::function<void()>& function) {
  try {
    function();
    return true;
  } catch (const py::error_already_set& error) {
    if (error.matches(PyExc_Exception)) throw;
    note_error(error);
    return false;
  }
}

void Interruption::note_error(const py::error_already_set& error) {
  if (error.trace()) PyException_SetTraceback(error.value().ptr(), error.trace().ptr());
  note(error.value());
}

py::object Interruption::reason() const {
  check_interpreter_goes_on();
  return reason_;
}

void Interruption::raise() const {
  const py::object found = reason();
  if (found.is_none()) return;
  PyErr_SetObject(py::type::handle_of(found).ptr(), found.ptr());
  throw py::error_already_set();
}

void Interruption::note(py::object reason) {
  if (reason_.is_none()) reason_ = std::move(reason);
  stopped_ = true;
}

void work_unlocked(Interruption& interruption, bool apart, const std::function<void()>& work) {
  const NotedCtrlC noted(interruption);
  const OthersRun others_run;
  if (!apart) return work();
  std::future<void> done = std::async(std::launch::async, work);
  while (done.wait_for(Interruption::kLook) != std::future_status::ready) interruption.look();
  done.get();
}

void compute_unlocked(int threads, const std::function<void(const Executor&)>& compute) {
  Interruption interruption;
  try {
    const OthersRun others_run;
    compute(Executor(threads, Launched::soon, [&] {
      if (interruption.stops()) throw BrokenOff();
    }));
  } catch (const BrokenOff&) {
    interruption.raise();
  }
}

}  // namespace byzsim::python
