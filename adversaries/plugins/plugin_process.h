// The process of an isolated plugin, and what it shares with byzsim. It ends when byzsim does.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "adversaries/plugins/message_channel.h"
#include "core/input/parameters.h"

namespace byzsim {

/// The beginning of the shared memory; the inputs of a call follow. The plugin can write into it.
struct ProcessReport {
  std::array<char, 4080> fault;  ///< place, problem and remedy, a line each, of what ended it
  std::atomic<int> ended;        ///< whether `status` holds
  std::atomic<int> status;       ///< as of waitpid
};
constexpr std::size_t kReportSize = 65536;  // whole pages on every system
static_assert(sizeof(ProcessReport) <= kReportSize);

/// Loads the plugin, sends `control` what it offers or what is wrong with it, and then makes a
/// process that answers questions for each pair of descriptors that comes: a connection, and the
/// shared memory. Never returns.
[[noreturn]] void be_plugin_process(const PluginFile& plugin, const Descriptor& control,
                                    ProcessReport& report);

}  // namespace byzsim
