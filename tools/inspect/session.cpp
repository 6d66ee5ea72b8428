#include "tools/inspect/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"
#include "tools/inspect/message_view.h"
#include "tools/inspect/model_view.h"
#include "tools/inspect/moment_view.h"
#include "tools/inspect/node_view.h"
#include "tools/inspect/until.h"

namespace byzsim {

/// The commands with what carries them out.
struct SessionTable {
  struct Entry {
    InspectorCommand command;
    std::string (Session::*run)(LineWords&);
  };
  static const std::vector<Entry>& entries() {
    static const std::vector<Entry> all = {
        {{"go", "go MOMENT", "Go to step=200, time=1.5s or event=12345, start or end"},
         &Session::go},
        {{"next", "next [N]", "Go N events forward [default: 1]"}, &Session::next},
        {{"back", "back [N]", "Go N events back [default: 1]"}, &Session::back},
        {{"until", "until CONDITION", "Go forward until something happens"}, &Session::until},
        {{"where", "where", "Show the present event and the digest after it"}, &Session::where},
        {{"nodes", "nodes [NODES]", "Show what each node does and waits for"}, &Session::nodes},
        {{"node", "node NODE", "Show all that is known of a node"}, &Session::node},
        {{"messages", "messages [NODES] [from NODES] [to NODES] [first N]",
          "Show what is under way, by its arrival [default: the first 20]"},
         &Session::messages},
        {{"message", "message [EVENT]", "Show the vector of a delivery"}, &Session::message},
        {{"distances", "distances", "Show how far apart the models of servers are"},
         &Session::distances},
        {{"model", "model SERVER [COORDINATE|FROM-TO]", "Show a server's model"}, &Session::model},
        {{"why", "why [EVENT] [all]", "Show the chain of causes of an event, the latest first"},
         &Session::why},
        {{"metrics", "metrics", "Show the row of metrics that was completed last"},
         &Session::metrics},
        {{"help", "help [COMMAND]", "Show the commands"}, &Session::help},
        {{"quit", "quit", "End"}, &Session::quit},
    };
    return all;
  }
};

namespace {

constexpr std::size_t kMessagesShown = 20;
constexpr std::size_t kCausesShown = 12;

std::vector<std::string> inspector_names() {
  std::vector<std::string> names;
  for (const InspectorCommand& command : inspector_commands()) names.push_back(command.name);
  return names;
}

// "5", or "5-9".
Coordinates read_coordinates(const std::string& text, const std::string& where) {
  const std::size_t dash = text.find('-');
  const std::int64_t first = parse_count(text.substr(0, dash), where, "a coordinate");
  const std::int64_t last =
      dash == std::string::npos ? first : parse_count(text.substr(dash + 1), where, "a coordinate");
  if (last < first)
    throw InputError({where, fmt::format("{} is an empty range", brief(text)),
                      "write the lower coordinate first: 5-9"});
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(last)};
}

}  // namespace

const std::vector<InspectorCommand>& inspector_commands() {
  static const std::vector<InspectorCommand> all = [] {
    std::vector<InspectorCommand> commands;
    for (const SessionTable::Entry& entry : SessionTable::entries())
      commands.push_back(entry.command);
    return commands;
  }();
  return all;
}

std::string Session::run(const std::string& line) {
  stopped_ = false;
  LineWords words(line);
  if (words.empty() || words.peek().starts_with('#')) return "";
  const std::string name = words.take("");
  for (const SessionTable::Entry& entry : SessionTable::entries())
    if (entry.command.name == name) return (this->*entry.run)(words);
  throw InputError(
      {"", fmt::format("unknown command {}", brief(name)), choose_from(name, inspector_names())});
}

std::string Session::stopped_text() {
  stopped_ = true;
  return "interrupted\n";
}

std::string Session::after_way(Reached reached) {
  if (reached == Reached::interrupted) return stopped_text() + where_text(history_.now());
  const std::string ended =
      reached == Reached::run_ended ? "the run ends before that moment\n" : "";
  return ended + where_text(history_.now());
}

std::string Session::go_to(const MomentName& place) { return after_way(history_.go(place, stop_)); }

std::string Session::go(LineWords& words) {
  const std::string word = words.take(fmt::format("where to go: {}, start or end", kMomentForms));
  words.expect_end();
  if (word == "start") return go_to({NamedBy::event, 0});
  if (word != "end") return go_to(parse_moment(word, words.command()));
  const MomentName end{NamedBy::event, std::numeric_limits<std::int64_t>::max()};
  const Reached reached = history_.go(end, stop_);
  return after_way(reached == Reached::run_ended ? Reached::there : reached);
}

std::string Session::next(LineWords& words) {
  const std::int64_t count = words.empty() ? 1 : words.take_count("events");
  words.expect_end();
  return go_to({NamedBy::event, static_cast<std::int64_t>(history_.now().event()) + count});
}

std::string Session::back(LineWords& words) {
  const std::int64_t count = words.empty() ? 1 : words.take_count("events");
  words.expect_end();
  const auto event = static_cast<std::int64_t>(history_.now().event());
  if (count > event)
    throw InputError({words.command(), fmt::format("there are only {} events before", event),
                      "go start is before the first"});
  return go_to({NamedBy::event, event - count});
}

std::string Session::until(LineWords& words) {
  if (words.peek().find('=') != std::string::npos) return go(words);
  const Happened happened = read_condition(words, history_.scenario());
  words.expect_end();
  while (const Occurrence* occurrence = history_.advance()) {
    const Moment& now = history_.now();
    if (happened(*occurrence, now.simulation, now.notes)) return where_text(now);
    if (stop_()) return stopped_text() + where_text(now);
  }
  return "the run ends before that happens\n" + where_text(history_.now());
}

std::string Session::where(LineWords& words) {
  words.expect_end();
  return where_text(history_.now());
}

std::string Session::nodes(LineWords& words) {
  const NodeSet nodes = words.empty() ? NodeSet() : words.take_nodes();
  words.expect_end();
  return nodes_text(node_views(history_.now(), nodes));
}

std::string Session::node(LineWords& words) {
  const NodeId id = words.take_node(history_.scenario());
  words.expect_end();
  std::string text;
  for (const NodeView& view : node_views(history_.now(), {id.role, id.index, id.index}))
    text += node_text(view);
  return text;
}

std::string Session::messages(LineWords& words) {
  NodeSet from, to;
  std::optional<NodeSet> either;
  std::size_t most = kMessagesShown;
  while (!words.empty()) {
    if (words.take_if("from"))
      from = words.take_nodes();
    else if (words.take_if("to"))
      to = words.take_nodes();
    else if (words.take_if("first"))
      most = static_cast<std::size_t>(words.take_count("messages"));
    else
      either = words.take_nodes();
  }
  std::vector<MessageView> views = messages_under_way(history_.now(), from, to);
  if (either)
    std::erase_if(views, [&](const MessageView& view) {
      return !either->contains(view.message->sender) && !either->contains(view.to);
    });
  return messages_text(views, most);
}

// One that has happened by now; without a word the present one.
std::uint64_t Session::take_event(LineWords& words) {
  const std::uint64_t now = history_.now().event();
  const std::uint64_t event =
      words.empty() ? now : static_cast<std::uint64_t>(words.take_count("an event"));
  if (event >= 1 && event <= now) return event;
  if (now == 0)
    throw InputError({words.command(), "no event has happened yet", "go forward first: next"});
  throw InputError({words.command(), fmt::format("must be in [1, {}], the events so far", now),
                    fmt::format("go there first: go event={}", event)});
}

std::string Session::message(LineWords& words) {
  const std::uint64_t event = take_event(words);
  words.expect_end();
  const std::optional<Moment> moment = history_.moment_after(event, stop_);
  if (!moment) return stopped_text();
  const Occurrence& occurrence = moment->simulation.latest();
  const auto* carried = message_in(occurrence.event);
  if (!carried)
    throw InputError({words.command(), fmt::format("event {} carries no message", event),
                      fmt::format("why {} shows what it is", event)});
  return fmt::format("event {} at {}: {}\n", event, format_duration(occurrence.time),
                     sentence(record_of(occurrence, moment->simulation))) +
         vector_text(**carried, history_.scenario().one_role);
}

std::string Session::distances(LineWords& words) {
  words.expect_end();
  return distances_text(models_of(history_.now()));
}

std::string Session::model(LineWords& words) {
  const NodeId id = words.take_node(history_.scenario());
  if (id.role != Role::server)
    throw InputError({words.command(), to_string(id) + " holds no model of its own",
                      "name a server: model server 0"});
  std::optional<Coordinates> wanted;
  if (!words.empty()) wanted = read_coordinates(words.take(""), words.command());
  words.expect_end();
  for (const ModelView& model : models_of(history_.now()))
    if (model.server == id) return model_text(model, wanted);
  const std::string name = name_of_node(history_.scenario(), id);
  throw InputError({words.command(), name + " has adopted no model yet",
                    fmt::format("until {} adopts goes there", name)});
}

std::string Session::why(LineWords& words) {
  const bool all_of_now = words.take_if("all");
  const std::uint64_t event = take_event(words);
  const bool all = words.take_if("all") || all_of_now;
  words.expect_end();
  const std::size_t most = all ? std::numeric_limits<std::size_t>::max() : kCausesShown;
  const std::optional<std::string> text = why_text(history_, event, most, stop_);
  return text ? *text : stopped_text();
}

std::string Session::metrics(LineWords& words) {
  words.expect_end();
  return metrics_text(history_.now());
}

std::string Session::help(LineWords& words) {
  const std::string wanted = words.empty() ? "" : words.take("");
  words.expect_end();
  std::string text;
  for (const InspectorCommand& command : inspector_commands()) {
    if (!wanted.empty() && command.name != wanted) continue;
    text += fmt::format("{}\n    {}\n", command.usage, command.summary);
    if (command.name != "until") continue;
    for (const std::string& form : condition_forms()) text += fmt::format("      {}\n", form);
  }
  if (text.empty()) throw InputError(not_one_of(words.command(), wanted, inspector_names()));
  return text;
}

std::string Session::quit(LineWords& words) {
  words.expect_end();
  done_ = true;
  return "";
}

}  // namespace byzsim
