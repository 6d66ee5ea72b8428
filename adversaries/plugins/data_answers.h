// Questions to a model or a data set of an isolated plugin, and their answers, on both sides of the
// connection (plugin_answers.h).
#pragma once

#include "adversaries/plugins/plugin_answers.h"
#include "adversaries/plugins/plugin_data.h"
#include "adversaries/plugins/plugin_worker.h"

namespace byzsim {

/// What asks the processes of a plugin about its models and data sets.
PluginModelCalls isolated_model_calls(const std::shared_ptr<PluginWorkers>& workers,
                                      const Declaration& declaration, bool keeps_state);
PluginDatasetCalls isolated_dataset_calls(const std::shared_ptr<PluginWorkers>& workers,
                                          const Declaration& declaration, bool keeps_state);

/// Answers one question about a model, or about a data set.
PluginMessage answer_about_model(const PluginEntries& entries, const Json& question,
                                 InputsReader inputs);
PluginMessage answer_about_dataset(const PluginEntries& entries, const Json& question);

}  // namespace byzsim
