#include "tools/shrink/smaller_scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <set>

#include "tools/shrink/minimal_json.h"

namespace byzsim {
namespace {

// Lists of which any entry may go.
constexpr const char* kLists[] = {"/adversary/script/deliveries",
                                  "/adversary/script/words",
                                  "/adversary/script/moves",
                                  "/network/links",
                                  "/network/faults",
                                  "/servers/pre",
                                  "/workers/pre",
                                  "/nodes/pre",
                                  "/nodes/gradients/pre",
                                  "/model/parameters/hidden",
                                  "/data/parameters/places"};

// Whole numbers that other passes decide about, or that are no amount.
bool decided_elsewhere(const std::string& pointer) {
  static const std::set<std::string> elsewhere = {"/steps", "/seed"};
  for (const char* group :
       {"/servers/", "/workers/", "/nodes/", "/adversary/script", "/metrics", "/expect"})
    if (pointer.starts_with(group) && !pointer.ends_with("/batch_size")) return true;
  return elsewhere.contains(pointer);
}

void collect_whole_numbers(const std::string& pointer, const Json& value,
                           std::vector<std::string>& found) {
  // Numbers of nodes, steps and seeds are not amounts that shrink by themselves.
  if (decided_elsewhere(pointer)) return;
  if (value.is_structured()) {
    std::size_t index = 0;
    for (const auto& [key, held] : value.items())
      collect_whole_numbers(
          pointer_to(pointer, value.is_array() ? std::to_string(index++) : std::string(key)), held,
          found);
  } else if (value.is_number_integer() && value.get<std::int64_t>() > 1) {
    found.push_back(pointer);
  }
}

Json removal(const std::string& list, std::size_t first, std::size_t count) {
  Json patch = Json::array();
  for (std::size_t i = 0; i < count; ++i)
    // The same index each time: those after a removed entry move up.
    patch.push_back({{"op", "remove"}, {"path", fmt::format("{}/{}", list, first)}});
  return patch;
}

// Chunks of a list, the largest first: all of it, then powers of two down to single entries. The
// place is the chunk's own (chunks of one size go on behind the last that could go).
void add_chunks(const std::string& list, std::size_t size, std::size_t place,
                std::vector<Smaller>& found) {
  if (size == 0) return;
  const std::string name = list.substr(list.rfind('/') + 1);
  const auto add = [&](std::size_t first, std::size_t count, std::size_t at) {
    found.push_back(
        {fmt::format("{} {} -> {}", name, size, size - count), removal(list, first, count), at});
  };
  add(0, size, place);
  std::size_t level = place + 1;
  // Larger than any script; the places of a level stay apart from those of the next.
  for (std::size_t count = std::size_t{1} << 24; count > 0;
       count /= 2, level += std::size_t{1} << 25)
    for (std::size_t first = 0; count < size && first < size; first += count)
      add(first, std::min(count, size - first), level + first);
}

}  // namespace

Json replacement(const std::string& pointer, Json value) {
  return Json::array({{{"op", "replace"}, {"path", pointer}, {"value", std::move(value)}}});
}

std::vector<std::int64_t> sizes_below(std::int64_t size) {
  std::set<std::int64_t> sizes;
  for (std::int64_t power = 1; power < size; power *= 2) {
    sizes.insert(power);
    // Between two powers of two, since a doubling is coarse for counts of nodes.
    if (power % 2 == 0) sizes.insert(power / 2 * 3);
  }
  for (std::int64_t less = size / 8; less > 0; less /= 2) sizes.insert(size - less);
  sizes.insert(size - 1);
  sizes.erase(0);
  sizes.erase(sizes.lower_bound(size), sizes.end());
  return {sizes.begin(), sizes.end()};
}

std::vector<Smaller> fewer_steps(const Json& scenario) {
  std::vector<Smaller> found;
  const auto steps = scenario["steps"].get<std::int64_t>();
  for (const std::int64_t fewer : sizes_below(steps)) {
    Json changed = scenario;
    changed["steps"] = fewer;
    if (const Json::json_pointer script("/adversary/script"); changed.contains(script))
      for (Json& list : changed[script])
        list.erase(
            std::remove_if(list.begin(), list.end(),
                           [&](const Json& entry) { return entry.value("step", 0) > fewer; }),
            list.end());
    found.push_back({fmt::format("steps {} -> {}", steps, fewer), replacement("", changed)});
  }
  return found;
}

std::vector<Smaller> simpler_models(const Json& scenario) {
  std::vector<Smaller> found;
  const auto model = scenario["model"]["name"].get<std::string>();
  const auto data = scenario["data"]["name"].get<std::string>();
  const auto add = [&](const std::string& what, const Json& simpler_model,
                       const Json& simpler_data) {
    Json changed = scenario;
    changed["model"] = simpler_model;
    changed["data"] = simpler_data;
    found.push_back({what, replacement("", changed)});
  };
  // Nothing is simpler.
  if (model == "quadratic" && data == "points") return found;
  // A place for each node that trains, as none may be without an example.
  const Json& trained = scenario[scenario.contains("nodes") ? "nodes" : "workers"];
  Json places = Json::array({-1, 0, 1});
  while (places.size() < trained["count"].get<std::size_t>())
    places.push_back(static_cast<std::int64_t>(places.size() % 3) - 1);
  add(fmt::format("{} on {} -> quadratic on points", model, data), {{"name", "quadratic"}},
      {{"name", "points"}, {"parameters", {{"places", places}}}});
  const std::set<std::string> linear = {"quadratic", "softmax_regression", "linear_regression"};
  if (!linear.contains(model))
    add(fmt::format("{} -> softmax_regression", model), {{"name", "softmax_regression"}},
        scenario["data"]);
  return found;
}

std::vector<Smaller> smaller_numbers(const Json& scenario) {
  std::vector<std::string> pointers;
  collect_whole_numbers("", scenario, pointers);
  std::vector<Smaller> found;
  for (std::size_t i = 0; i < pointers.size(); ++i) {
    const auto number = value_at(scenario, pointers[i]).get<std::int64_t>();
    for (const std::int64_t less : sizes_below(number))
      found.push_back({fmt::format("{} {} -> {}", pointers[i], number, less),
                       replacement(pointers[i], less), i});
  }
  return found;
}

std::vector<Smaller> fewer_entries(const Json& scenario) {
  std::vector<Smaller> found;
  std::size_t place = 0;
  for (const char* list : kLists) {
    add_chunks(list, value_at(scenario, list).size(), place, found);
    // Room for all levels of a list, so that places rise from list to list.
    place += std::size_t{1} << 32;
  }
  return found;
}

Smaller without_decisions(const std::vector<std::string>& pointers) {
  Json patch = Json::array();  // from the back, as those behind an entry that goes move up
  for (auto pointer = pointers.rbegin(); pointer != pointers.rend(); ++pointer)
    patch.push_back({{"op", "remove"}, {"path", *pointer}});
  return {fmt::format("{} entries of the script, for messages never sent", pointers.size()), patch};
}

std::vector<Smaller> fewer_choices(const Json& scenario) {
  std::vector<Smaller> found;
  for (const std::string& pointer : what_can_be_left_out(scenario)) {
    const Json value = value_at(scenario, pointer);
    found.push_back({fmt::format("{} {} -> its default", pointer, brief(value)),
                     Json::array({{{"op", "remove"}, {"path", pointer}}}), found.size()});
  }
  return found;
}

const std::vector<Pass>& passes() {
  // Fewer steps make every later attempt cheaper, digits make none: so they come first and last.
  static const std::vector<Pass> all = {fewer_steps,   simpler_models, smaller_numbers,
                                        fewer_workers, fewer_servers,  fewer_entries,
                                        fewer_choices, rounder_numbers};
  return all;
}

}  // namespace byzsim
