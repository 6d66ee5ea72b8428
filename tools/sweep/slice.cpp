#include "tools/sweep/slice.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr int kMostSlices = 1'000'000;

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

int number_in(const Environment& environment, const char* name) {
  const char* text = environment(name);
  const auto number = whole_number(text == nullptr ? "" : text);
  if (!number)
    throw InputError({"--slice auto",
                      fmt::format("{} is not a whole number: \"{}\"", name, text ? text : ""),
                      "give the slice: --slice 1/8"});
  return *number;
}

int number_or(const Environment& environment, const char* name, int otherwise) {
  return environment(name) == nullptr ? otherwise : number_in(environment, name);
}

std::optional<Slice> array_task(const Environment& environment) {
  if (environment("SLURM_ARRAY_TASK_ID") == nullptr) return std::nullopt;
  // Arrays may begin anywhere and have steps; slices count from 0 without gaps.
  const int first = number_or(environment, "SLURM_ARRAY_TASK_MIN", 0);
  const int step = number_or(environment, "SLURM_ARRAY_TASK_STEP", 1);
  return Slice{(number_in(environment, "SLURM_ARRAY_TASK_ID") - first) / std::max(1, step),
               number_in(environment, "SLURM_ARRAY_TASK_COUNT")};
}

std::optional<Slice> process(const Environment& environment) {
  // Before Slurm's own: under mpirun in a Slurm job, SLURM_PROCID is the launcher's, not the
  // process's.
  if (environment("OMPI_COMM_WORLD_RANK") != nullptr)
    return Slice{number_in(environment, "OMPI_COMM_WORLD_RANK"),
                 number_in(environment, "OMPI_COMM_WORLD_SIZE")};
  if (environment("SLURM_PROCID") != nullptr)
    return Slice{number_in(environment, "SLURM_PROCID"), number_or(environment, "SLURM_NTASKS", 1)};
  return std::nullopt;
}

// Every process of every task has a slice of its own.
Slice automatic_slice(const Environment& environment) {
  const auto task = array_task(environment), within = process(environment);
  if (!task && !within)
    throw InputError({"--slice auto",
                      "neither a Slurm array (SLURM_ARRAY_TASK_ID) nor Open MPI "
                      "(OMPI_COMM_WORLD_RANK) nor srun (SLURM_PROCID) started this process",
                      "give the slice: --slice 1/8"});
  const Slice outer = task.value_or(Slice{}), inner = within.value_or(Slice{});
  return {outer.index * inner.count + inner.index, outer.count * inner.count};
}

void check(const Slice& slice, const std::string& text) {
  if (slice.count >= 1 && slice.count <= kMostSlices && slice.index >= 0 &&
      slice.index < slice.count)
    return;
  throw InputError({"--slice " + text,
                    fmt::format("there is no slice {} of {}", slice.index + 1, slice.count),
                    "slices are numbered from 1: 1/8 to 8/8"});
}

}  // namespace

Slice parse_slice(const std::string& text, const Environment& environment) {
  if (text.empty()) return {};
  if (text == "auto") {
    const Slice slice = automatic_slice(environment);
    check(slice, text);
    return slice;
  }
  const std::size_t stroke = text.find('/');
  const auto index = whole_number(std::string_view(text).substr(0, stroke));
  const auto count = stroke == std::string::npos
                         ? std::nullopt
                         : whole_number(std::string_view(text).substr(stroke + 1));
  if (!index || !count)
    throw InputError({"--slice " + text, "must be I/N or auto", "for example --slice 2/8"});
  const Slice slice{*index - 1, *count};
  check(slice, text);
  return slice;
}

std::vector<const Point*> runs_of(const Slice& slice, const std::vector<const Point*>& all) {
  std::vector<const Point*> runs;
  for (auto i = static_cast<std::size_t>(slice.index); i < all.size();
       // Every count-th rather than a block: neighbours on an axis take similar times.
       i += static_cast<std::size_t>(slice.count))
    runs.push_back(all[i]);
  return runs;
}

}  // namespace byzsim
