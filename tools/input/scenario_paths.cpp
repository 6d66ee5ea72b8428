#include "tools/input/scenario_paths.h"

#include <algorithm>
#include <string>

#include "adversaries/known_strategies.h"
#include "core/input/strategy_names.h"
#include "sim/scenario/scenario.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

bool leads_somewhere(const fs::path& path) {
  std::error_code error;
  // Data files may be compressed, and are named without ".gz".
  return fs::exists(path, error) || fs::exists(path.string() + ".gz", error);
}

std::string absolute_path(const std::string& given, const std::vector<fs::path>& folders) {
  // What leads nowhere stays as it is, for an error that shows what the user wrote.
  if (given.empty() || fs::path(given).is_absolute()) return given;
  for (const fs::path& folder : folders)
    if (leads_somewhere(folder / given))
      return fs::absolute(folder / given).lexically_normal().string();
  return given;
}

/// Visits the JSON of a scenario beside its declarations, and changes the paths in it.
class PathWalk final : public ScenarioWalk {
 public:
  PathWalk(const std::vector<fs::path>& folders, Json& scenario)
      : folders_(folders), open_{&scenario} {}

  void enter(const std::string& key, const std::string&) override { open_.push_back(member(key)); }
  void leave() override { open_.pop_back(); }
  // Paths are parameters of strategies, or stand beside them.
  void value(const Parameter& declared, Value&) override {
    Json* object = open_.back();
    if (object != nullptr && object->is_object()) put_path(declared, *object);
  }
  void choice(const std::string& key, const std::string&, const std::vector<Declaration>& among,
              const std::string&, Choice&) override {
    if (Json* held = member(key)) put_paths(among, *held);
  }
  void choice_beside(const std::string& key, const std::string& kind,
                     const std::vector<Declaration>& among, const std::string& fallback,
                     Choice& choice, const std::vector<std::string>&,
                     const std::function<void()>& describe_beside) override {
    this->choice(key, kind, among, fallback, choice);
    open_.push_back(member(key));
    describe_beside();
    open_.pop_back();
  }
  void choices(const std::string& key, const std::string&, const std::vector<Declaration>& among,
               std::vector<Choice>&) override {
    Json* held = member(key);
    if (held == nullptr) return;
    if (!held->is_array()) return put_paths(among, *held);
    for (Json& each : *held) put_paths(among, each);
  }
  bool has(const std::string& key, bool) override { return member(key) != nullptr; }
  bool visits(bool) override { return true; }  // the protocol is not read
  void node(const std::string&, const std::string&, NodeId&) override {}
  void vector(const std::string&, const std::string&, Payload&) override {}
  void scenario(const std::string&, const std::string&, std::shared_ptr<const Scenario>&) override {
  }
  std::size_t enter_list(const std::string& key, const std::string&, std::size_t) override {
    open_.push_back(member(key));
    const Json* list = open_.back();
    return list != nullptr && list->is_array() ? list->size() : 0;
  }
  void enter_item(std::size_t index) override { open_.push_back(&(*open_.back())[index]); }
  void leave_list() override { open_.pop_back(); }

 private:
  Json* member(const std::string& key) {
    Json* parent = open_.back();
    if (parent == nullptr || !parent->is_object() || !parent->contains(key)) return nullptr;
    return &(*parent)[key];
  }
  void put_paths(const std::vector<Declaration>& among, Json& choice) {
    if (!choice.is_object() || !choice.contains("name") || !choice["name"].is_string()) return;
    const Declaration* declaration = find_called(among, choice["name"].get<std::string>());
    if (declaration == nullptr || !choice.contains("parameters")) return;
    Json& parameters = choice["parameters"];
    if (!parameters.is_object()) return;
    for (const Parameter& each : declaration->parameters) put_path(each, parameters);
  }
  void put_path(const Parameter& declared, Json& object) {
    if (declared.type != ParameterType::path) return;
    const auto held = object.find(declared.name);
    if (held != object.end() && held->is_string())
      *held = absolute_path(held->get<std::string>(), folders_);
  }

  const std::vector<fs::path>& folders_;
  std::vector<Json*> open_;  // null where the JSON has no such object
};

}  // namespace

void put_paths_beside(const std::vector<fs::path>& folders, Json& scenario) {
  // The walk needs a scenario to go over, and none of its values.
  Scenario unread;
  PathWalk walk(folders, scenario);
  describe(unread, walk, scenario_tables());
}

bool is_path_beside(const std::vector<fs::path>& folders, const std::string& text) {
  return absolute_path(text, folders) != text;
}

}  // namespace byzsim
