// The files that draw, as they were when the program was built.
#pragma once

#include <string>

namespace byzsim {

const std::string& plot_script();  ///< tools/figures/plot.py
const std::string& plot_style();   ///< tools/figures/paper.mplstyle

}  // namespace byzsim
