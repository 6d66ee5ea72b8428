// Where things lie that tests use. In functions, so that the other tests compile to the same
// objects wherever the project is built.
#pragma once

namespace byzsim {

/// The root of the source tree.
const char* source_directory();
/// The byzsim program under test.
const char* byzsim_binary();
/// The folder of the plugins that tests load, from tests/plugins/.
const char* plugin_directory();

}  // namespace byzsim
