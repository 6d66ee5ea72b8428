#include "tools/trace.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "core/issue.h"

namespace byzsim {

std::string to_json_line(const Occurrence& occurrence) {
  std::string line = fmt::format(R"({{"time_ns":{},"event":"{}","target":"{}")", occurrence.time,
                                 to_string(occurrence.kind), to_string(occurrence.target));
  if (occurrence.message)
    line += fmt::format(R"(,"sender":"{}","phase":"{}","step":{},"verdict":"{}")",
                        to_string(occurrence.message->sender), to_string(occurrence.message->phase),
                        occurrence.message->step, to_string(*occurrence.verdict));
  return line + "}";
}

TraceFile::TraceFile(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "w"), &std::fclose) {
  if (!file_)
    throw InputError({"--trace " + path, std::string("cannot be written: ") + std::strerror(errno),
                      "name a file in a directory that exists"});
}

void TraceFile::write(const Occurrence& occurrence) {
  const std::string line = to_json_line(occurrence) + "\n";
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size())
    throw InputError({"--trace " + path_, std::string("cannot be written: ") + std::strerror(errno),
                      "free some space"});
}

}  // namespace byzsim
