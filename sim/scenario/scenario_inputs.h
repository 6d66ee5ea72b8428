// The files that a scenario names: what a run of it reads beside the scenario itself.
//
// A run is a pure function of the scenario and of these files. They are identified by their
// digests, so that a scenario has one id wherever its files are.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/input/input_file.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// How a file is read; read_input_file, or what remembers files that have not changed.
using InputReader = std::function<InputFile(const std::string& path)>;

/// The files that a run of the scenario reads, each once, in the order of its keys. `data_root` is
/// where data files lie when the scenario names no directory; empty when unknown. Throws
/// InputError, with their JSON pointers, for files that are missing or cannot be read.
std::vector<InputFile> inputs_of(const Scenario& scenario, const std::string& data_root,
                                 const InputReader& read);

/// The scenario without its paths: what it states beside the places of files.
Scenario without_paths(Scenario scenario);

/// The inputs as run.json lists them, and back; what is no such list gives none.
Json write_inputs(const std::vector<InputFile>& inputs);
std::vector<InputFile> read_inputs(const Json& list);

/// What differs between the inputs of two runs, a sentence a file.
std::vector<std::string> changed_inputs(const std::vector<InputFile>& before,
                                        const std::vector<InputFile>& now);

}  // namespace byzsim
