// Pages for the browser that commands write.
#pragma once

#include <filesystem>

namespace byzsim {

/// Before the work: throws InputError where the page cannot be written, or would take the place of
/// a file that is no page.
void check_page_writable(const std::filesystem::path& file);

}  // namespace byzsim
