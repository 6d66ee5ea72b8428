// Questions to an isolated plugin, and its answers, on both sides of the connection.
//
// A question names the strategy and its parameters; vectors go through shared memory, and every
// draw comes from the stream that byzsim would use itself. So an answer has the bits that it would
// have in byzsim's own process.
#pragma once

#include <functional>

#include "adversaries/plugins/message_channel.h"
#include "adversaries/plugins/open_plugin.h"
#include "adversaries/plugins/plugin_inputs.h"
#include "adversaries/plugins/plugin_strategies.h"

namespace byzsim {

/// A question as it is sent: its inputs go through shared memory.
struct PluginQuestion {
  Json json;
  InputsWriter inputs;
};

/// The question of one call of an attack, a rule or a scheduler. Nothing outlives the inputs.
template <class Real>
PluginQuestion question_of(const Declaration& attack, const AttackInput<Real>& input,
                           bool knows_defence);
template <class Real>
PluginQuestion question_of(const Declaration& rule, const RuleInput<Real>& input);
PluginQuestion question_of(const Declaration& scheduler, const Parameters& parameters,
                           const byzsim_dispatch& dispatch, const Stream& stream,
                           std::span<const std::byte> state);

/// Answers one question; what receivers make of vectors is asked back over the connection. The
/// bytes of an answer are the vector, if it is one, and the memory of the strategy after it.
PluginMessage answer_question(const OpenPlugin& plugin, const Json& question, InputsReader inputs,
                              const Descriptor& connection);

}  // namespace byzsim
