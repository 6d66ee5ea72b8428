// The parameters of a model in a file: NumPy's .npy format with one axis of little-endian float32,
// as `byzsim run --models` writes them and numpy.load reads them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace byzsim {

/// Where the file of that name lies: a path, else a name in <data root>/models, else in the data
/// root. Throws InputError at /model/start when there is none.
std::string find_model_file(const std::string& given, const std::string& data_root);

/// Its `dimension` parameters; `model` is the name of the model that has them, for errors. Throws
/// InputError naming the file for anything else than that number of finite float32.
std::vector<float> read_model_file(const std::string& path, std::size_t dimension,
                                   const std::string& model);

}  // namespace byzsim
