// The page that `byzsim report` writes: tools/report/ and the charts' library as they were when the
// program was built, around one block of data.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/input/json.h"

namespace byzsim {

/// A part by the name that tools/report/page.html gives it; "dygraphs" is empty when it was
/// missing.
std::string_view page_part(std::string_view name);

/// Throws InputError when the program was built without the charts' library.
void check_page_parts();

/// Before the work: throws InputError for a file that cannot be written, and for one that is there
/// and no page. A page gives way to a newer one, and nothing else does. `option` names another file
/// ("--out FILE").
void check_page_writable(const std::filesystem::path& file, const std::string& option);

/// One self-contained HTML file. The data cannot leave its block, whatever its strings hold; bytes
/// in them that are no UTF-8 are replaced. Each of `texts` is packed into a block of its own
/// ("block-0", ...), which the browser unpacks when it is needed.
std::string report_page(const Json& data, const std::vector<std::string>& texts = {});

}  // namespace byzsim
