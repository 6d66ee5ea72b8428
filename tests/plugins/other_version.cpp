// A plugin for another version of the interface.
#include "adversaries/plugins/byzsim_plugin.h"

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI + 1, nullptr, 0, nullptr, 0, nullptr, 0};
