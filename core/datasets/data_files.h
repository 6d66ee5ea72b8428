// Where the files of a data set lie, and reading them side by side with all their faults reported
// together.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/datasets/dataset.h"

namespace byzsim {

/// A set that is a folder of files.
struct DataFolder {
  std::string name;   ///< within the data root: "mnist"
  std::string title;  ///< as its authors call it: "MNIST"
  std::string files;  ///< "the four files of MNIST (train-images-idx3-ubyte.gz and so on)"
};

/// The parameter "directory" or, when it is empty, <data root>/<name>. Throws InputError when there
/// is no such folder.
std::filesystem::path path_of(const DataFolder& folder, const DatasetInput& input);

/// The file of that name: a path, else a name in the folder <data root>/<set>, else in the data
/// root. Either way .gz may be left out. Throws InputError at `pointer` when there is none.
std::string find_file(const std::string& given, const std::string& data_root,
                      const std::string& set, const std::string& pointer);

/// The file that the parameter names, found so.
std::string file_of(const DatasetInput& input, const std::string& set, const char* parameter);

/// The files of two parameters, of which the second may be empty: one path or two, as file_of()
/// finds them.
std::vector<std::string> files_of(const DatasetInput& input, const std::string& set,
                                  const std::array<const char*, 2>& parameters);

/// The first of the names that exists in the folder; empty when none does.
std::string first_existing(const std::filesystem::path& folder,
                           const std::vector<std::string>& names);

/// Calls read(0) ... read(count - 1) side by side, and throws what is wrong with any of the files
/// as one InputError, in their order.
void read_side_by_side(const Executor& executor, std::size_t count,
                       const std::function<void(std::size_t)>& read);

/// How many of `available` examples to use: the parameter `part`, or all when it is 0. Asking for
/// more is added to the issues.
std::size_t used_of(const DatasetInput& input, const char* part, std::uint64_t available,
                    Issues& issues);

}  // namespace byzsim
