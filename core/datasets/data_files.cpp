#include "core/datasets/data_files.h"

#include <fmt/format.h>

namespace byzsim {

namespace fs = std::filesystem;

namespace {

// Names the directory that a relative path was looked in.
std::string no_such_file(const std::string& given) {
  std::error_code error;
  const fs::path directory = fs::current_path(error);
  if (error || fs::path(given).is_absolute()) return fmt::format("no such file: {}", given);
  return fmt::format(
      "no such file: {}, neither beside the scenario nor in the working directory {}", given,
      directory.string());
}

}  // namespace

fs::path path_of(const DataFolder& folder, const DatasetInput& input) {
  constexpr const char* pointer = "/data/parameters/directory";
  const std::string& given = input.parameters.text("directory");
  const std::string remedy = fmt::format(
      "set it, or set the environment variable BYZSIM_DATA to the directory that contains {}/ with "
      "{}",
      folder.name, folder.files);
  if (given.empty() && input.data_root.empty())
    throw InputError({pointer, "no directory is given for the files of " + folder.title, remedy});
  const fs::path path = given.empty() ? fs::path(input.data_root) / folder.name : fs::path(given);
  std::error_code error;
  if (!fs::is_directory(path, error))
    throw InputError({pointer, fmt::format("no such directory: {}", path.string()), remedy});
  return path;
}

std::string first_existing(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code error;
    if (fs::exists(folder / name, error)) return (folder / name).string();
  }
  return "";
}

std::string find_file(const std::string& given, const std::string& data_root,
                      const std::string& set, const std::string& pointer) {
  const fs::path root = data_root;
  const std::string remedy = fmt::format(
      "give a path, or the name of a file in the folder {}/ of the environment variable "
      "BYZSIM_DATA ({})",
      set, root.empty() ? "which is not set" : (root / set).string());
  if (given.empty()) throw InputError({pointer, "no file is given", remedy});
  const std::vector<std::string> names = {given, given + ".gz"};
  // As it is given first: a path of the user's goes before a file of the data folder.
  std::string path = first_existing({}, names);
  if (path.empty() && !root.empty()) path = first_existing(root / set, names);
  if (path.empty() && !root.empty()) path = first_existing(root, names);
  if (path.empty()) throw InputError({pointer, no_such_file(given), remedy});
  return path;
}

std::string file_of(const DatasetInput& input, const std::string& set, const char* parameter) {
  return find_file(input.parameters.text(parameter), input.data_root, set,
                   fmt::format("/data/parameters/{}", parameter));
}

std::vector<std::string> files_of(const DatasetInput& input, const std::string& set,
                                  const std::array<const char*, 2>& parameters) {
  const bool one = input.parameters.text(parameters[1]).empty();
  std::vector<std::string> paths(one ? 1 : 2);
  read_side_by_side(input.executor, paths.size(),
                    [&](std::size_t i) { paths[i] = file_of(input, set, parameters[i]); });
  return paths;
}

void read_side_by_side(const Executor& executor, std::size_t count,
                       const std::function<void(std::size_t)>& read) {
  // A place for each file: they are reported in order, whichever was read first.
  std::vector<Issues> issues(count);
  executor.for_each(count, [&](std::size_t i) {
    try {
      read(i);
    } catch (const InputError& error) {
      // What is wrong with a file is collected; a fault of the program passes at once.
      issues[i] = error.issues();
    }
  });
  Issues all;
  for (const Issues& some : issues) all.insert(all.end(), some.begin(), some.end());
  throw_if_any(all);
}

std::size_t used_of(const DatasetInput& input, const char* part, std::uint64_t available,
                    Issues& issues) {
  const auto asked = static_cast<std::uint64_t>(input.parameters.integer(part));
  if (asked > available)
    issues.push_back({fmt::format("/data/parameters/{}", part),
                      fmt::format("{} examples are requested, but there are {}", asked, available),
                      fmt::format("use at most {}, or 0 for all", available)});
  return static_cast<std::size_t>(asked == 0 ? available : asked);
}

}  // namespace byzsim
