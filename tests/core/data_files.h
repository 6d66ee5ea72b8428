// What the tests of data files share: a folder of their own, files in it, and the faults found.
#pragma once

#include <stdlib.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/datasets/dataset.h"
#include "tests/catch.h"

namespace byzsim::data_files {

using Bytes = std::string;

/// A folder that vanishes with its contents.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "byzsim-data-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline void write_plain(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void write_gzip(const std::string& path, const Bytes& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
}

template <class Action>
Issues issues_of(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.issues();
  }
  return {};
}

using Settings = std::vector<std::pair<std::string, Value>>;

struct Surroundings {
  std::string data_root = "";
  std::uint64_t seed = 1;
  int threads = 1;
};

/// Calls make or size of the data set of that name.
template <class Function>
auto ask(Function DatasetEntry::*function, const std::string& name, const Settings& settings,
         const Surroundings& surroundings = {}) {
  const DatasetEntry& entry = datasets().at(name);
  Parameters parameters = defaults(entry.declaration.parameters);
  for (const auto& [parameter, value] : settings) parameters.set(parameter, value);
  const Executor executor(surroundings.threads);
  return (entry.*function)({parameters, surroundings.seed, surroundings.data_root, executor});
}

/// Whether the first values of many are all those of few.
inline bool begins_with(const Features& many, const Features& few) {
  std::vector<float> first(few.size());
  if (many.size() < few.size()) return false;
  many.copy(0, first);
  return first == few.values();
}

/// How many examples each class has.
inline std::vector<int> class_counts(const Examples& examples, std::size_t classes) {
  std::vector<int> counts(classes);
  for (const std::int32_t label : examples.labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

/// The folder of real data; empty, with a warning, when it is not known.
inline std::string real_data_root() {
  const char* shared = std::getenv("BYZSIM_SHARED");
  if (shared == nullptr) WARN("skipped: BYZSIM_SHARED does not name the folder that holds data/");
  return shared == nullptr ? "" : std::string(shared) + "/data";
}

}  // namespace byzsim::data_files
