#include "tools/line/help_json.h"

namespace byzsim {
namespace {

Json list_of(const std::vector<OptionHelp>& options) {
  Json list = Json::array();
  for (const OptionHelp& option : options) {
    Json json = {{"name", option.name}};
    // Its absence says that the option takes none.
    if (!option.value.empty()) json["value"] = option.value;
    json["help"] = option.help;
    json["required"] = option.required;
    json["repeatable"] = option.several;
    list.push_back(json);
  }
  return list;
}

}  // namespace

Json to_json(const CommandHelp& command) {
  Json commands = Json::array();
  for (const CommandHelp& inner : command.commands) commands.push_back(to_json(inner));
  return {{"name", command.name.empty() ? "byzsim" : "byzsim " + command.name},
          {"summary", command.summary},
          {"notes", command.notes},
          {"examples", command.examples},
          {"arguments", list_of(command.words)},
          {"options", list_of(command.options)},
          {"commands", commands}};
}

}  // namespace byzsim
