// A function in a copy of this process, so that nothing that happens to it there ends this one.
#pragma once

#include <functional>
#include <string>

namespace byzsim {

/// Runs `work` in a copy of this process and returns its answer; `work` may show from time to time
/// what share is done, and `show` is called with it here. On any thread. Throws BrokenPromise where
/// a plugin ends the copy, std::system_error where none can be made.
std::string answer_of_child(
    const std::function<std::string(const std::function<void(double)>&)>& work,
    const std::function<void(double)>& show);

}  // namespace byzsim
