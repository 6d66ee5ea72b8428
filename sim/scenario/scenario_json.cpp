// Three visitors of the one walk: they cannot disagree about a key, its type or its default.

#include "sim/scenario/scenario_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/check.h"
#include "core/exact/digest.h"
#include "core/input/parameter_reader.h"
#include "core/input/vector_json.h"
#include "sim/scenario/branch_checks.h"
#include "sim/scenario/foreign_keys.h"
#include "sim/scenario/node_name.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_inputs.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

// One nested object of the file while it is read: what it holds and which keys the walk asked for.
struct OpenObject {
  Json json;
  std::string where;
  std::vector<std::string> known;
  bool number = false;  // what stands in the file is a number, the value of every key
};

class ReadWalk final : public ScenarioWalk {
 public:
  ReadWalk(const Json& json, const ScenarioTables& tables, Issues& issues, Notes& notes)
      : tables_(tables), issues_(issues), notes_(notes) {
    open(json, "");
  }
  ~ReadWalk() override = default;

  void enter(const std::string& key, const std::string&) override {
    const std::string where = pointer_to(top().where, key);
    const Json* held = find(key);
    open(held ? *held : Json::object(), where);
  }
  void enter_or_number(const std::string& key, const std::string& summary,
                       const Parameter&) override {
    const Json* held = find(key);
    if (held == nullptr || held->is_object()) return enter(key, summary);
    const std::string where = pointer_to(top().where, key);
    if (!held->is_number())
      issues_.push_back({where, "must be a number or an object, not " + brief(*held), ""});
    // After an issue an empty object: the walk goes on, and all mistakes are reported at once.
    open_.push_back({held->is_number() ? *held : Json::object(), where, {}, held->is_number()});
  }
  void leave() override {
    const std::size_t before = issues_.size();
    if (!top().number) refuse_unknown_keys(top().json, top().known, top().where, issues_);
    for (std::size_t i = before; i < issues_.size(); ++i)
      // Rather than the likeliest misspelling: it says where the value belongs.
      if (const std::string meant = place_of_foreign_key(issues_[i].where); !meant.empty())
        issues_[i].remedy = fmt::format("did you mean {}?", meant);
    open_.pop_back();
  }
  void value(const Parameter& declared, Value& value) override {
    // Also where the value is wrong, so that later checks have something to look at.
    value = declared.fallback;
    const Json* held = find(declared.name);
    if (held == nullptr) return;
    Issues found;
    if (auto read = read_value(declared, *held, place_of(declared.name), found)) value = *read;
    for (const Issue& issue : found)  // a number may be wrong for every key alike
      if (issues_.empty() || issues_.back() != issue) issues_.push_back(issue);
  }
  void choice(const std::string& key, const std::string& kind,
              const std::vector<Declaration>& among, const std::string& fallback,
              Choice& choice) override {
    read_one(key, kind, among, fallback, choice, {"parameters"});
  }
  void choice_beside(const std::string& key, const std::string& kind,
                     const std::vector<Declaration>& among, const std::string& fallback,
                     Choice& choice, const std::vector<std::string>& keys,
                     const std::function<void()>& describe_beside) override {
    std::vector<std::string> known = keys;
    known.insert(known.begin(), "parameters");
    const Json given = read_one(key, kind, among, fallback, choice, known);
    // Unknown keys are refused with the choice.
    open_.push_back({given.is_object() ? given : Json::object(), pointer_to(top().where, key), {}});
    describe_beside();
    open_.pop_back();
  }
  void choices(const std::string& key, const std::string& kind,
               const std::vector<Declaration>& among, std::vector<Choice>& choices) override {
    choices.clear();
    if (const Json* held = find(key))
      choices = read_choices(among, kind, *held, pointer_to(top().where, key), issues_, notes_);
  }
  bool has(const std::string& key, bool) override { return find(key) != nullptr; }
  bool in_earlier_form(const std::vector<std::string>& keys, const std::string& instead) override {
    std::string found;
    for (const std::string& key : keys)
      if (top().json.contains(key)) found += (found.empty() ? "" : ", ") + place_of(key);
    if (!found.empty()) notes_.push_back(found + ": " + instead);
    return !found.empty();
  }
  void node(const std::string& key, const std::string&, NodeId& node) override {
    const Json* held = find(key);
    const auto named =
        held && held->is_string() ? parse_node(held->get<std::string>()) : std::nullopt;
    if (named)
      node = *named;
    else
      issues_.push_back({pointer_to(top().where, key),
                         "must name one node, not " + (held ? brief(*held) : "be left out"),
                         "write \"server 3\" or \"worker 0\", on a graph \"node 3\""});
  }
  void vector(const std::string& key, const std::string&, Payload& vector) override {
    if (const Json* held = find(key))
      if (auto values = read_vector(*held, pointer_to(top().where, key), issues_))
        vector = Payload(std::move(*values));
  }
  void scenario(const std::string& key, const std::string&,
                std::shared_ptr<const Scenario>& scenario) override {
    const Json* held = find(key);
    const std::string where = pointer_to(top().where, key);
    if (held == nullptr) {
      issues_.push_back({where, "must be the scenario of a run, not be left out",
                         "write what run.json of the run has under \"scenario\""});
      return;
    }
    try {
      scenario = std::make_shared<const Scenario>(read_scenario(*held, tables_, notes_));
    } catch (const InputError& error) {
      for (const Issue& issue : error.issues())
        issues_.push_back({where + issue.where, issue.problem, issue.remedy});
    }
  }
  std::size_t enter_list(const std::string& key, const std::string&, std::size_t) override {
    // A stack, although the lists of scenarios do not nest: the walk does not promise it.
    lists_.push_back({find_list(key), pointer_to(top().where, key)});
    return lists_.back().first.size();
  }
  void enter_item(std::size_t index) override {
    const auto& [list, where] = lists_.back();
    open(list[index], pointer_to(where, std::to_string(index)));
  }
  void leave_list() override { lists_.pop_back(); }

 private:
  OpenObject& top() { return open_.back(); }
  void open(const Json& json, const std::string& where) {
    if (!json.is_object()) issues_.push_back({where, "must be an object, not " + brief(json), ""});
    open_.push_back({json.is_object() ? json : Json::object(), where, {}});
  }
  std::string place_of(const std::string& key) {
    return top().number ? top().where : pointer_to(top().where, key);
  }
  const Json* find(const std::string& key) {
    // The number answers for every key of the object that it stands for.
    if (top().number) return &top().json;
    auto& known = top().known;  // a key may be looked for in two forms
    if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
    const auto it = top().json.find(key);
    return it == top().json.end() ? nullptr : &*it;
  }

  // Reads a choice, and returns what stands in the file; any of `keys` may stand without a name.
  Json read_one(const std::string& key, const std::string& kind,
                const std::vector<Declaration>& among, const std::string& fallback, Choice& choice,
                const std::vector<std::string>& keys) {
    const Json* held = find(key);
    Json given = held ? *held : Json(fallback);
    // Parameters alone are those of the default.
    if (given.is_object() && !given.contains("name") &&
        std::any_of(keys.begin(), keys.end(),
                    [&](const std::string& each) { return given.contains(each); }))
      given["name"] = fallback;
    choice = read_choice(among, kind, given, pointer_to(top().where, key), issues_, notes_, keys);
    return given;
  }

  // Empty, and an issue, for what is no list.
  Json find_list(const std::string& key) {
    const Json* held = find(key);
    if (held == nullptr) return Json::array();
    if (held->is_array()) return *held;
    issues_.push_back({pointer_to(top().where, key), "must be a list, not " + brief(*held), ""});
    return Json::array();
  }

  std::vector<std::pair<Json, std::string>> lists_;
  const ScenarioTables& tables_;
  Issues& issues_;
  Notes& notes_;
  std::vector<OpenObject> open_;
};

class WriteWalk final : public ScenarioWalk {
 public:
  /// `one_role`: there are nodes instead of servers and workers. `earlier`: in the form that ids
  /// are taken from, as scenarios of earlier versions keep theirs.
  WriteWalk(const ScenarioTables& tables, bool one_role, bool earlier)
      : tables_(tables), one_role_(one_role), earlier_(earlier) {
    open_.push_back({"", Json::object()});
  }
  void enter(const std::string& key, const std::string&) override {
    open_.push_back({key, Json::object()});
  }
  void leave() override {
    auto [key, object] = std::move(open_.back());
    open_.pop_back();
    if (key.empty())
      open_.back().second[list_].push_back(std::move(object));
    else
      open_.back().second[key] = std::move(object);
  }
  void value(const Parameter& declared, Value& value) override {
    if (is_written(declared, value))
      open_.back().second[declared.name] = write_value(declared, value);
  }
  void choice(const std::string& key, const std::string&, const std::vector<Declaration>& among,
              const std::string&, Choice& choice) override {
    open_.back().second[key] = write_one(among, choice);
  }
  void choice_beside(const std::string& key, const std::string&,
                     const std::vector<Declaration>& among, const std::string&, Choice& choice,
                     const std::vector<std::string>&,
                     const std::function<void()>& describe_beside) override {
    open_.push_back({key, write_one(among, choice)});
    describe_beside();
    leave();
  }
  void choices(const std::string& key, const std::string&, const std::vector<Declaration>& among,
               std::vector<Choice>& choices) override {
    Json list = Json::array();
    for (const Choice& choice : choices) list.push_back(write_one(among, choice));
    open_.back().second[key] = std::move(list);
  }
  bool has(const std::string&, bool held) override { return held; }
  bool in_earlier_form(const std::vector<std::string>&, const std::string&) override {
    return earlier_;
  }
  void node(const std::string& key, const std::string&, NodeId& node) override {
    open_.back().second[key] = name_of_node(one_role_, node);
  }
  void vector(const std::string& key, const std::string&, Payload& vector) override {
    open_.back().second[key] = write_vector(vector.values());
  }
  void scenario(const std::string& key, const std::string&,
                std::shared_ptr<const Scenario>& scenario) override {
    BYZ_CHECK(scenario != nullptr, "a branch was read with its trunk");
    open_.back().second[key] = write_scenario(*scenario, tables_);
  }
  std::size_t enter_list(const std::string& key, const std::string&, std::size_t size) override {
    open_.back().second[key] = Json::array();
    list_ = key;
    return size;
  }
  void enter_item(std::size_t) override { open_.push_back({"", Json::object()}); }
  void leave_list() override { list_.clear(); }
  /// With the plugins from which what was chosen comes, each once, whatever others were loaded.
  Json result() const {
    Json json = open_.front().second;
    json["plugins"] = Json::array();
    for (const auto& [digest, file] : plugins_)
      json["plugins"].push_back({{"file", file}, {"digest", digest}});
    return json;
  }

 private:
  Json write_one(const std::vector<Declaration>& among, const Choice& choice) {
    for (const Declaration& each : among)
      if (each.name == choice.name && each.plugin)
        // By digest: the list names what counts, in an order that no path decides.
        plugins_[each.plugin->digest] = each.plugin->file;
    return write_choice(among, choice);
  }

  const ScenarioTables& tables_;
  bool one_role_;
  bool earlier_;
  std::map<std::string, std::string> plugins_;  // files by digest
  std::string list_;                            // the key of the open list; lists do not nest
  std::vector<std::pair<std::string, Json>> open_;
};

std::string earlier_name(std::string nodes) {
  if (nodes.starts_with("node")) nodes.replace(0, std::string("node").size(), "server");
  return nodes;
}

// An entry of a script on a graph, with the names that such scripts had first.
Json with_earlier_names(const Json& entry) {
  Json renamed = Json::object();
  for (const auto& [key, value] : entry.items())
    if (key == "from" || key == "to")
      renamed[key] = earlier_name(value.get<std::string>());
    else
      renamed[key == "nodes" ? "servers" : key == "first_nodes" ? "first_servers" : key] = value;
  return renamed;
}

}  // namespace

Scenario read_scenario(const Json& json, const ScenarioTables& tables) {
  Notes unread;
  return read_scenario(json, tables, unread);
}

Scenario read_scenario(const Json& json, const ScenarioTables& tables, Notes& notes) {
  Issues issues;
  Scenario scenario;
  ReadWalk walk(json, tables, issues, notes);
  describe(scenario, walk, tables);
  // Of the file's outermost object, whose unknown keys are found as it closes.
  walk.leave();
  resolve_and_check(scenario, tables, issues);
  if (issues.empty() && scenario.origin) check_branch(scenario, tables, issues);
  throw_if_any(issues);
  return scenario;
}

namespace {

Json written(Scenario scenario, const ScenarioTables& tables, bool earlier) {
  WriteWalk walk(tables, scenario.one_role, earlier);
  describe(scenario, walk, tables);
  return walk.result();
}

}  // namespace

Json write_scenario(const Scenario& scenario, const ScenarioTables& tables) {
  return written(scenario, tables, false);
}

Json scenario_identity(const Scenario& scenario, const ScenarioTables& tables) {
  Json json = written(scenario.inputs.empty() ? scenario : without_paths(scenario), tables, true);
  // What a run is called changes nothing of it, nor does what is kept of it.
  for (const char* key : {"name", "summary", "keep"}) json.erase(key);
  // What a plugin computes follows from its bytes, wherever it lies.
  for (Json& plugin : json["plugins"]) plugin.erase("file");
  // As with every later key, so that the ids of earlier scenarios stay.
  if (json["plugins"].empty()) json.erase("plugins");
  for (const InputFile& input : scenario.inputs) json["inputs"].push_back(input.digest);
  // Ids are of the names that nodes had before, so that the ids of earlier scenarios stay.
  if (scenario.on_graph && !scenario.script.empty())
    for (Json& list : json["adversary"]["script"])
      for (Json& entry : list) entry = with_earlier_names(entry);
  if (scenario.origin) {
    Scenario trunk = *scenario.origin->trunk;
    trunk.inputs = scenario.inputs;  // what it reads, the branch reads
    json["origin"]["scenario"] = scenario_identity(trunk, tables);
  }
  return json;
}

std::string scenario_id(const Scenario& scenario, const ScenarioTables& tables) {
  return to_hex(digest_of(scenario_identity(scenario, tables).dump()));
}

}  // namespace byzsim
