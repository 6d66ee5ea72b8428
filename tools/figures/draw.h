// Pictures, drawn by plot.py with matplotlib: the one thing byzsim needs Python for.
#pragma once

#include <filesystem>
#include <string>

#include "core/input/issue.h"
#include "core/input/json.h"

namespace byzsim {

/// Throws InputError with the remedy unless Python and matplotlib are there: /usr/bin/python3, or
/// what BYZSIM_PYTHON names.
void require_matplotlib();

/// What matplotlib cannot draw of these plots, by the name of their figure: formulas it cannot
/// read, pictures too large. Each with the figure's name and its pointer. Throws InputError when
/// Python fails.
Issues undrawable(const Json& plots);

/// Writes plot.py and the style it draws in, as they were when the program was built, for those who
/// want to draw again or otherwise. Throws InputError where they cannot be written.
void write_drawing_files(const std::filesystem::path& directory);

/// Draws NAME.svg, NAME.pdf and NAME.png from NAME.json and the tables in `directory`, with the
/// files of write_drawing_files in its parent. Throws InputError when that fails. The same bytes
/// every time with one version of matplotlib.
void draw_figure(const std::filesystem::path& directory, const std::string& name);

}  // namespace byzsim
