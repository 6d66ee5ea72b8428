#include "tools/python/module/interpreter.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tools/python/module/input_errors.h"

namespace byzsim::python {
namespace {

// A call that is longer in a function of Python's is not waited for.
constexpr std::chrono::seconds kLongestWait(10);

// The thread that ends the interpreter, once it does.
std::atomic<std::thread::id> ended_by{};
// Calls under way, of all threads and of this one: changed under Python's lock alone.
int calls = 0;
thread_local int calls_of_this_thread = 0;

// A copy of the process has no thread but the one that made it.
void count_again() { calls = calls_of_this_thread; }

void wait_for_calls() {
  ended_by = std::this_thread::get_id();
  const auto until = std::chrono::steady_clock::now() + kLongestWait;
  while (calls > calls_of_this_thread && std::chrono::steady_clock::now() < until) {
    const py::gil_scoped_release others_run;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// To be asked at every import: Python gives other interpreters the module of the first.
void check_interpreter() {
  if (!is_main_interpreter()) throw py::import_error(kOtherInterpreter);
}

}  // namespace

OthersRun::OthersRun() {
  check_interpreter_goes_on();
  ++calls;
  ++calls_of_this_thread;
  released_.emplace();
}

OthersRun::~OthersRun() {
  released_.reset();
  --calls;
  --calls_of_this_thread;
}

void check_interpreter_goes_on() {
  const std::thread::id by = ended_by;
  if (by != std::thread::id() && by != std::this_thread::get_id()) throw InterpreterEnds();
}

bool is_main_interpreter() { return PyInterpreterState_Get() == PyInterpreterState_Main(); }

void define_interpreter(py::module_& module) {
  module.def("check_interpreter", &check_interpreter);
  pthread_atfork(nullptr, nullptr, &count_again);
  py::module_::import("atexit").attr("register")(py::cpp_function(&wait_for_calls));
}

}  // namespace byzsim::python
