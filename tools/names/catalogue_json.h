// The catalogue for programs: what `byzsim describe --json` prints and the reference is made from.
#pragma once

#include "core/input/json.h"
#include "tools/input/catalogue.h"

namespace byzsim {

/// {"kind", "name", "summary"} and, where there is one, "source", "condition", "cost" and other
/// facts of its table, "aliases", "plugin"; of strategies "parameters": [{"name", "type", "help",
/// "accepts", "default"}], with "minimum" (or "above", if excluded), "maximum" and "words" (what a
/// keyword is one of, or what is accepted beside a number) where there are any.
Json to_json(const CatalogueEntry& entry);

/// {"kind", "name", "summary", "command", "file"}; "file" is what the file holds.
Json to_json(const ShippedKind& kind, const ShippedFile& file);

}  // namespace byzsim
