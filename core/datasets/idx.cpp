// Real images: MNIST and the sets that come in the same four IDX files, of any number of classes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/datasets/data_files.h"
#include "core/datasets/dataset.h"
#include "core/datasets/idx_file.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMnistClasses = 10;

// The four files, in the order of all arrays below.
enum FileIndex : std::size_t { train_images, train_labels, test_images, test_labels };
constexpr std::size_t kFiles = 4;
constexpr std::array<const char*, kFiles> kNames = {
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte"};

IdxKind kind_of(std::size_t file) {
  return file == train_images || file == test_images ? IdxKind::images : IdxKind::labels;
}

struct SetFile {
  std::string path;
  IdxFile idx;
  std::uint64_t count() const { return idx.header.count; }
};
using SetFiles = std::array<SetFile, kFiles>;

std::string title_of(const std::string& set) {
  if (set == "emnist") return "EMNIST";
  return set == "fashion-mnist" ? "Fashion-MNIST" : "MNIST";
}

DataFolder folder_of(const DatasetInput& input) {
  const std::string& set = input.parameters.word("set");
  return {
      set, title_of(set),
      fmt::format("the four files of {} ({}.gz and so on)", title_of(set), kNames[train_images])};
}

// The names of MNIST begin with the parameter "prefix" in other sets, such as EMNIST's, where the
// test files are "test-..." besides.
std::vector<std::string> names_of(const DatasetInput& input, std::size_t file) {
  const std::string& prefix = input.parameters.text("prefix");
  std::vector<std::string> names = {prefix + kNames[file]};
  // Its test files are found under either name; the set's own comes first.
  if (!prefix.empty() && file >= test_images)
    names.insert(names.begin(), prefix + "test" + std::string(kNames[file]).substr(4));
  return names;
}

// The file under any of its spellings ("train-images.idx3-ubyte" is common too); empty if missing.
std::string find_file(const fs::path& directory, const std::vector<std::string>& names) {
  std::vector<std::string> spellings;
  for (const std::string& name : names) {
    std::string dotted = name;
    // The last one: a prefix may contain another.
    dotted[dotted.rfind("-idx")] = '.';
    spellings.insert(spellings.end(), {name + ".gz", name, dotted + ".gz", dotted});
  }
  return first_existing(directory, spellings);
}

Issue missing(const DatasetInput& input, const fs::path& path) {
  const bool emnist = input.parameters.word("set") == "emnist";
  const bool no_prefix = input.parameters.text("prefix").empty();
  return {
      path.string() + ".gz", "no such file",
      fmt::format("put {}'s file there, or without .gz if it is not compressed{}",
                  title_of(input.parameters.word("set")),
                  emnist && no_prefix ? "; set \"prefix\" to what its name begins with, such as "
                                        "\"emnist-balanced-\""
                                      : "")};
}

std::string path_of_file(const DatasetInput& input, const fs::path& directory, std::size_t file) {
  const std::vector<std::string> names = names_of(input, file);
  const std::string path = find_file(directory, names);
  if (path.empty()) throw InputError(missing(input, directory / names.front()));
  return path;
}

std::vector<std::string> idx_files(const DatasetInput& input) {
  const fs::path directory = path_of(folder_of(input), input);
  std::vector<std::string> paths(kFiles);
  read_side_by_side(input.executor, kFiles,
                    [&](std::size_t i) { paths[i] = path_of_file(input, directory, i); });
  return paths;
}

// Reads the four files side by side, and reports what is wrong with any of them together.
SetFiles read_files(const DatasetInput& input, IdxFile (*read)(const std::string&, IdxKind)) {
  const fs::path directory = path_of(folder_of(input), input);
  SetFiles files;
  read_side_by_side(input.executor, kFiles, [&](std::size_t i) {
    files[i].path = path_of_file(input, directory, i);
    files[i].idx = read(files[i].path, kind_of(i));
  });
  return files;
}

Issues faults_between(const SetFiles& files) {
  Issues issues;
  // The labels of a part come after its images in the order of files.
  for (const std::size_t part : {train_images, test_images}) {
    const SetFile &images = files[part], &labels = files[part + 1];
    if (images.count() != labels.count())
      issues.push_back({labels.path,
                        fmt::format("contains {} labels for the {} images of {}", labels.count(),
                                    images.count(), images.path),
                        "take both files from one source"});
  }
  const IdxHeader &train = files[train_images].idx.header, &test = files[test_images].idx.header;
  if (train.rows != test.rows || train.columns != test.columns)
    issues.push_back(
        {files[test_images].path,
         fmt::format("contains images of {} x {} pixels, but {} of {} x {}", test.rows,
                     test.columns, files[train_images].path, train.rows, train.columns),
         "take both files from one source"});
  return issues;
}

// Of the whole training file, so that using fewer examples changes no model.
std::size_t classes_of(const DatasetInput& input, const SetFiles& files) {
  const Parameters& parameters = input.parameters;
  if (!parameters.is_word("classes"))
    return static_cast<std::size_t>(parameters.integer("classes"));
  if (parameters.word("set") != "emnist") return kMnistClasses;
  const std::vector<std::uint8_t>& labels = files[train_labels].idx.bytes;
  return std::size_t{*std::max_element(labels.begin(), labels.end())} + 1;
}

// Throws what is wrong between the files, or between them and the parameters.
DatasetSize size_of(const DatasetInput& input, const SetFiles& files) {
  Issues issues = faults_between(files);
  const std::size_t train = used_of(input, "train", files[train_images].count(), issues);
  const std::size_t test = used_of(input, "test", files[test_images].count(), issues);
  throw_if_any(issues);
  const IdxHeader& images = files[train_images].idx.header;
  const ImageShape shape{1, static_cast<std::size_t>(images.rows),
                         static_cast<std::size_t>(images.columns)};
  return {shape.height * shape.width, classes_of(input, files), train, test, shape,
          sizeof(std::uint8_t)};
}

void check_labels(const SetFiles& files, std::size_t classes) {
  Issues issues;
  for (const std::size_t labels : {train_labels, test_labels}) {
    const std::vector<std::uint8_t>& bytes = files[labels].idx.bytes;
    const auto wrong = std::find_if(bytes.begin(), bytes.end(),
                                    [&](std::uint8_t label) { return label >= classes; });
    if (wrong != bytes.end())
      issues.push_back({files[labels].path,
                        fmt::format("label {} of example {} (counted from 0) is not in [0, {}]",
                                    *wrong, wrong - bytes.begin(), classes - 1),
                        fmt::format("set \"classes\" to {}, or download the file again",
                                    *std::max_element(bytes.begin(), bytes.end()) + 1)});
  }
  throw_if_any(issues);
}

Examples examples_of(IdxFile& images, const IdxFile& labels, std::size_t count) {
  // The first ones: fewer examples than there are, without a second copy.
  images.bytes.resize(count * static_cast<std::size_t>(images.header.item_bytes()));
  return {Features::of_bytes(std::move(images.bytes)),
          {labels.bytes.begin(), labels.bytes.begin() + static_cast<std::ptrdiff_t>(count)}};
}

DatasetSize idx_size(const DatasetInput& input) {
  // Labels may be what tells the number of classes.
  const auto read = [](const std::string& path, IdxKind kind) {
    return kind == IdxKind::labels ? read_idx(path, kind)
                                   : IdxFile{read_idx_header(path, kind), {}};
  };
  return size_of(input, read_files(input, read));
}

Dataset make_idx(const DatasetInput& input) {
  SetFiles files = read_files(input, read_idx);
  const DatasetSize size = size_of(input, files);
  check_labels(files, size.classes);
  return {size.features, size.classes,
          examples_of(files[train_images].idx, files[train_labels].idx, size.train),
          examples_of(files[test_images].idx, files[test_labels].idx, size.test), size.image};
}

}  // namespace

namespace datasets_list {

DatasetEntry idx() {
  return {{"idx",
           "images from the four IDX files of MNIST, Fashion-MNIST, EMNIST or a set of your own, "
           "grey values in [0, 1]",
           "LeCun, Cortes, Burges: MNIST; Xiao, Rasul, Vollgraf (2017): Fashion-MNIST; Cohen, "
           "Afshar, Tapson, van Schaik (2017): EMNIST",
           {word("set", {"mnist", "fashion-mnist", "emnist"}, "which set"),
            path("directory", "directory of the four files; empty: $BYZSIM_DATA/<set>"),
            integer("train", 0, 0, 1e7,
                    "number of training examples to use, from the first on; 0: all"),
            integer("test", 0, 0, 1e7, "number of test examples to use, from the first on; 0: all"),
            integer("classes", 10, 1, 256,
                    "how many classes labels 0, 1, ... stand for; auto: 10, or for emnist as many "
                    "as the largest label of the training file asks for")
                .or_default_word("auto")
                .omitted_at_default(),
            text("prefix", "", "what the files' names begin with, such as \"emnist-balanced-\"")
                .omitted_at_default()},
           {"mnist", "fashion-mnist", "emnist"},
           {{"mnist", "set", "mnist"},
            {"fashion-mnist", "set", "fashion-mnist"},
            {"emnist", "set", "emnist"}}},
          idx_size,
          make_idx,
          idx_files};
}

}  // namespace datasets_list
}  // namespace byzsim
