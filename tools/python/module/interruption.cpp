#include "tools/python/module/interruption.h"

#include <future>

namespace byzsim::python {

bool Interruption::stops() {
  const auto now = std::chrono::steady_clock::now();
  if (stopped_ || now - looked_ < kLook) return stopped_;
  looked_ = now;
  look();
  return stopped_;
}

void Interruption::look() {
  const py::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) note(std::make_exception_ptr(py::error_already_set()));
}

bool Interruption::call(const std::function<void()>& function) {
  try {
    function();
    return true;
  } catch (const py::error_already_set& error) {
    if (error.matches(PyExc_Exception)) throw;
    note(std::current_exception());
    return false;
  }
}

void Interruption::raise() const {
  if (reason_) std::rethrow_exception(reason_);
}

void Interruption::note(const std::exception_ptr& reason) {
  const std::lock_guard lock(mutex_);
  if (!reason_) reason_ = reason;
  stopped_ = true;
}

void work_unlocked(Interruption& interruption, bool apart, const StoppableWork& work) {
  const py::gil_scoped_release others_run;
  if (!apart) {
    work([&] { return interruption.stops(); });
    return;
  }
  std::future<void> done =
      std::async(std::launch::async, [&] { work([&] { return interruption.stopped(); }); });
  while (done.wait_for(Interruption::kLook) != std::future_status::ready) interruption.look();
  done.get();
}

SharedObject shared_object(py::object object) {
  return {new py::object(std::move(object)), [](py::object* held) {
            const py::gil_scoped_acquire locked;
            delete held;
          }};
}

}  // namespace byzsim::python
