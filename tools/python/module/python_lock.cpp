#include "tools/python/module/python_lock.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tools/python/module/input_errors.h"

namespace byzsim::python {
namespace {

// Milliseconds: a call that stays longer in a function of Python's is not waited for.
constexpr int kLongestWait = 10'000;

// The thread that ends the interpreter, once it does.
std::atomic<std::thread::id> ended_by{};
// Calls under way, of all threads and of this one: changed under Python's lock alone.
int all_calls = 0;
thread_local int calls_of_this_thread = 0;

// A copy of the process has no thread but the one that made it.
void count_again() { all_calls = calls_of_this_thread; }

void wait_for_calls() {
  ended_by = std::this_thread::get_id();
  for (int waited = 0; all_calls > calls_of_this_thread && waited < kLongestWait; ++waited) {
    const py::gil_scoped_release others_run;
    ::usleep(1000);
  }
}

// To be asked at every import: Python gives other interpreters the module of the first.
void check_interpreter() {
  if (!is_main_interpreter()) throw py::import_error(kOtherInterpreter);
}

}  // namespace

OthersRun::OthersRun() {
  check_interpreter_goes_on();
  ++all_calls;
  ++calls_of_this_thread;
  released_.emplace();
}

OthersRun::~OthersRun() {
  released_.reset();
  --all_calls;
  --calls_of_this_thread;
}

bool interpreter_ends() {
  const std::thread::id by = ended_by;
  return by != std::thread::id() && by != std::this_thread::get_id();
}

void check_interpreter_goes_on() {
  if (interpreter_ends()) throw InterpreterEnds();
}

bool is_main_interpreter() { return PyInterpreterState_Get() == PyInterpreterState_Main(); }

void define_interpreter(py::module_& module) {
  module.def("check_interpreter", &check_interpreter);
  pthread_atfork(nullptr, nullptr, &count_again);
  py::module_::import("atexit").attr("register")(py::cpp_function(&wait_for_calls));
}

}  // namespace byzsim::python
