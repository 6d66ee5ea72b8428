// What the labels of CSV files mean: numbers as they are, or names of classes.
#pragma once

#include <span>

#include "core/datasets/csv_file.h"
#include "core/datasets/dataset.h"

namespace byzsim {

/// Fills in the labels of the parts, the first of them to train with. If any of its labels is not a
/// number and the task is classification, all are names, and sorted bytewise they are the classes
/// 0, 1, ... Throws InputError for labels that the task or the training part does not permit.
void read_labels(const DatasetInput& input, std::span<CsvRows> parts);

}  // namespace byzsim
