// The files that draw, as they were when the program was built.
#pragma once

#include <string>

namespace byzsim {

const std::string& plot_script();  ///< tools/plot.py
const std::string& plot_style();   ///< tools/paper.mplstyle

}  // namespace byzsim
