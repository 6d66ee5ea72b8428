#include <fmt/format.h>

#include "core/issue.h"
#include "tools/catalogue.h"
#include "tools/verbs.h"

namespace byzsim {
namespace {

// The words that may follow a verb beside its options.
std::vector<std::string> arguments_of(const std::string& verb) {
  if (verb == "list") return catalogue_kinds();
  if (verb == "completions") return {"bash", "zsh", "fish"};
  if (verb == "schema") return {"scenario", "sweep", "figure"};
  std::vector<std::string> names;
  if (verb == "sweep") {
    names = {"plan", "run", "status", "merge", "submit"};
    for (const ShippedFile& shipped : shipped_sweeps()) names.push_back(shipped.name);
  }
  if (verb == "run" || verb == "search" || verb == "sweep" || verb == "shrink")
    for (const ShippedFile& shipped : shipped_scenarios()) names.push_back(shipped.name);
  if (verb == "figures")
    for (const ShippedFile& shipped : shipped_figures()) names.push_back(shipped.name);
  if (verb == "describe") {
    for (const CatalogueEntry& entry : catalogue()) names.push_back(entry.declaration.name);
    for (const ShippedKind& kind : shipped_kinds())
      for (const ShippedFile& shipped : kind.files) names.push_back(shipped.name);
  }
  return names;
}

std::string verb_words() {
  std::string words;
  for (const VerbSummary& verb : verb_summaries()) words += (words.empty() ? "" : " ") + verb.name;
  return words;
}

void print_bash() {
  fmt::print(
      "_byzsim() {{\n  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" words\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"{}\"; else\n"
      "  case \"${{COMP_WORDS[1]}}\" in\n",
      verb_words());
  for (const VerbSummary& verb : verb_summaries())
    fmt::print("    {}) words=\"{} {}\" ;;\n", verb.name, fmt::join(verb.options, " "),
               fmt::join(arguments_of(verb.name), " "));
  fmt::print(
      "  esac\n  fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}}\n"
      "complete -o default -F _byzsim byzsim\n");
}

void print_zsh() {
  fmt::print("#compdef byzsim\nautoload -U +X bashcompinit && bashcompinit\n");
  print_bash();
}

void print_fish() {
  for (const VerbSummary& verb : verb_summaries()) {
    fmt::print("complete -c byzsim -n __fish_use_subcommand -a {} -d '{}'\n", verb.name,
               verb.summary);
    const std::string within =
        fmt::format("complete -c byzsim -n '__fish_seen_subcommand_from {}'", verb.name);
    for (const std::string& option : verb.options)
      fmt::print("{} -l {}\n", within, option.substr(2));
    const std::vector<std::string> arguments = arguments_of(verb.name);
    if (!arguments.empty()) fmt::print("{} -a '{}'\n", within, fmt::join(arguments, " "));
  }
}

void offer_completions(VerbOptions& verb, Options& typed) {
  verb.text("SHELL", typed.argument, "bash, zsh or fish");
}

int completions(const Options& options) {
  if (options.argument == "bash") {
    print_bash();
  } else if (options.argument == "zsh") {
    print_zsh();
  } else if (options.argument == "fish") {
    print_fish();
  } else {
    throw InputError({options.argument, "is no shell with completions here",
                      choose_from(options.argument, {"bash", "zsh", "fish"})});
  }
  return kDone;
}

}  // namespace

Verb completions_verb() {
  return {"completions", "Print the completion script of a shell",
          "  byzsim completions bash > ~/.local/share/bash-completion/completions/byzsim\n"
          "  byzsim completions fish | source",
          offer_completions, completions};
}

}  // namespace byzsim
