// Python's lock: calls that let other threads of Python run, and the end of the interpreter.
//
// A thread that comes back to Python after its end is ended by Python, in the midst of C++, which
// ends the process. So the interpreter waits for every call at its end: those that could go on for
// long ask whether it ends (interruption.h). In all threads but the one that ends it they raise
// SystemExit then, which ends a thread without a word, and so do new ones.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>

namespace byzsim::python {

/// While one lives, other threads of Python run. Made and destroyed by a thread that holds Python's
/// lock. Throws InterpreterEnds.
class OthersRun {
 public:
  OthersRun();
  ~OthersRun();
  OthersRun(const OthersRun&) = delete;
  OthersRun& operator=(const OthersRun&) = delete;

 private:
  std::optional<pybind11::gil_scoped_release> released_;
};

/// Becomes SystemExit.
struct InterpreterEnds {};

/// Whether this is a thread that the end of the interpreter waits for.
bool interpreter_ends();
/// Throws InterpreterEnds in such a thread.
void check_interpreter_goes_on();

/// byzsim works in the main interpreter of a process alone.
bool is_main_interpreter();
constexpr const char* kOtherInterpreter =
    "byzsim works in the main interpreter alone; import it there, or use processes instead of "
    "subinterpreters";

/// Makes Python's end wait for calls; defines what says whether this interpreter is the right one.
void define_interpreter(pybind11::module_& module);

}  // namespace byzsim::python
