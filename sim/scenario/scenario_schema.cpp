// The JSON schema of scenarios, by the walk that reads and writes them.
#include <fmt/format.h>

#include <utility>

#include "core/input/parameter_reader.h"
#include "core/input/vector_json.h"
#include "sim/scenario/scenario_json.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

constexpr const char* kHowChosen = ": a name, or {\"name\", \"parameters\"}";

class SchemaWalk final : public ScenarioWalk {
 public:
  SchemaWalk() { open_.push_back({"", object_schema("A byzsim scenario")}); }
  void enter(const std::string& key, const std::string& summary) override {
    open_.push_back({key, object_schema(summary)});
  }
  void enter_or_number(const std::string& key, const std::string& summary,
                       const Parameter& each) override {
    enter(key, summary);
    Json& schema = open_.back().second;
    schema.update(schema_of(each));
    // Bounds of numbers do not apply to objects, so that one schema can hold both.
    schema["type"] = {"object", schema["type"]};
    schema["description"] = summary;
    // What is left out is an object of defaults, not this number.
    schema.erase("default");
  }
  void leave() override {
    auto [key, schema] = std::move(open_.back());
    open_.pop_back();
    if (key.empty())
      properties()[list_]["items"] = std::move(schema);
    else
      properties()[key] = std::move(schema);
  }
  void value(const Parameter& declared, Value&) override {
    properties()[declared.name] = schema_of(declared);
  }
  void choice(const std::string& key, const std::string& kind,
              const std::vector<Declaration>& among, const std::string& fallback,
              Choice&) override {
    properties()[key] = schema_of_choice(among);
    properties()[key]["description"] = "which " + kind + kHowChosen;
    properties()[key]["default"] = fallback;
  }
  void choice_beside(const std::string& key, const std::string& kind,
                     const std::vector<Declaration>& among, const std::string& fallback,
                     Choice& choice, const std::vector<std::string>&,
                     const std::function<void()>& describe_beside) override {
    this->choice(key, kind, among, fallback, choice);
    open_.push_back({"", object_schema("")});
    describe_beside();
    const Json beside = std::move(properties());
    open_.pop_back();
    for (Json& each : properties()[key]["anyOf"])
      if (each.contains("properties")) each["properties"].update(beside);
  }
  void choices(const std::string& key, const std::string& kind,
               const std::vector<Declaration>& among, std::vector<Choice>&) override {
    properties()[key] = schema_of_choices(among);
    properties()[key]["description"] =
        "which " + kind + "s, one or a list in order, each" + kHowChosen;
    properties()[key]["default"] = Json::array();
  }
  bool has(const std::string&, bool) override { return true; }
  bool visits(bool) override { return true; }
  void node(const std::string& key, const std::string& summary, NodeId&) override {
    properties()[key] = {
        {"type", "string"}, {"description", summary}, {"pattern", "^(server|worker|node) [0-9]+$"}};
  }
  void vector(const std::string& key, const std::string& summary, Payload&) override {
    properties()[key] = schema_of_vector();
    properties()[key]["description"] = summary;
  }
  void scenario(const std::string& key, const std::string& summary,
                std::shared_ptr<const Scenario>&) override {
    properties()[key] = {{"$ref", "#"}, {"description", summary}};
  }
  std::size_t enter_list(const std::string& key, const std::string& summary, std::size_t) override {
    properties()[key] = {{"type", "array"}, {"description", summary}, {"default", Json::array()}};
    list_ = key;
    // One item, whatever a scenario holds: the schema of all.
    return 1;
  }
  void enter_item(std::size_t) override { open_.push_back({"", object_schema("")}); }
  void leave_list() override { list_.clear(); }
  Json result() const { return open_.front().second; }

 private:
  static Json object_schema(const std::string& summary) {
    return {{"type", "object"},
            {"description", summary},
            {"additionalProperties", false},
            {"properties", Json::object()}};
  }
  Json& properties() { return open_.back().second["properties"]; }
  std::string list_;
  std::vector<std::pair<std::string, Json>> open_;
};

}  // namespace

Json scenario_schema(const ScenarioTables& tables) {
  Scenario scenario;
  SchemaWalk walk;
  describe(scenario, walk, tables);
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "byzsim scenario"}};
  schema.update(walk.result());
  Json& plugin = schema["properties"]["plugins"]["items"];
  plugin = {{"anyOf", {{{"type", "string"}}, plugin}}};  // the bare path
  return schema;
}

}  // namespace byzsim
