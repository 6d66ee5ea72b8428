// The page that shows all figures.
#pragma once

#include <string>
#include <vector>

namespace byzsim {

/// What the page says of one figure.
struct GalleryEntry {
  std::string name;
  std::string summary;
  std::string note;  ///< the settings
  std::size_t expectations = 0;
  double run_seconds = 0;  ///< of all its runs, one thread each
  std::string digest;      ///< of its tables
};

/// Markdown; the pictures are png/NAME.png beside it. Sections in the order of the entries.
std::string gallery_page(const std::vector<GalleryEntry>& entries);

}  // namespace byzsim
