#include "tests/places.h"

namespace byzsim {

const char* source_directory() { return BYZSIM_SOURCE_DIR; }

const char* byzsim_binary() { return BYZSIM_BINARY; }

const char* plugin_directory() { return BYZSIM_PLUGINS; }

}  // namespace byzsim
