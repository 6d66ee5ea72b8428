#include "tools/input/input_files.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "core/input/issue.h"

namespace byzsim {
namespace {

// Clocks of file systems tick every few milliseconds; those of networks may lag by seconds.
constexpr std::chrono::seconds kSettled(10);

bool is_settled(const FileState& state) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::chrono::nanoseconds changed(std::max(state.modified, state.status_changed));
  return now - changed > kSettled;
}

}  // namespace

InputFile InputFiles::read(const std::string& path) {
  const FileState state = state_of_file(path);
  const auto known = known_.find(path);
  if (known != known_.end() && known->second.settled && known->second.state == state)
    return known->second.file;
  // Judged before reading: a change while it is read must not look old.
  const bool settled = is_settled(state);
  const InputFile file = read_input_file(path);
  known_.insert_or_assign(path, Known{state, settled, file});
  return file;
}

void refuse_own_input(const std::filesystem::path& out, const std::filesystem::path& input) {
  std::error_code absent;  // where one of the two is not there, they are not the same
  if (std::filesystem::is_regular_file(out, absent) &&
      std::filesystem::equivalent(out, input, absent))
    throw InputError({out.string(), "is read by this command, and would be overwritten",
                      "choose another file with --out FILE"});
}

}  // namespace byzsim
