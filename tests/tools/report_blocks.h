// The blocks of a report page, unpacked as a browser does.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/input/json.h"

namespace byzsim::process {

inline std::string base64_decoded(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6U | static_cast<std::uint32_t>(digits.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xffU);
  }
  return bytes;
}

inline std::string gunzipped(std::string packed) {
  z_stream stream{};
  inflateInit2(&stream, 16 + MAX_WBITS);  // 16: the gzip format
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string text, part(1U << 16U, '\0');
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    result = inflate(&stream, Z_NO_FLUSH);
    text.append(part, 0, part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("a block of the page is not gzip");
  return text;
}

/// The block of data that a page draws; everything up to the first "</script>" after it.
inline Json data_of_page(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(begin) + begin.size();
  return Json::parse(page.substr(from, page.find("</script>", from) - from));
}

/// In their order: about the whole timeline, then its pieces.
inline std::vector<Json> blocks_of(const std::string& page) {
  std::vector<Json> blocks;
  for (;;) {
    const std::string begin =
        "<script type=\"text/plain\" id=\"block-" + std::to_string(blocks.size()) + "\">";
    const std::size_t found = page.find(begin);
    if (found == page.npos) return blocks;
    const std::size_t from = found + begin.size();
    const std::string text = page.substr(from, page.find("</script>", from) - from);
    blocks.push_back(Json::parse(gunzipped(base64_decoded(text))));
  }
}

/// [[node, phase, step, begun, ended]] of a piece.
inline Json computations_of(const Json& piece) {
  const Json& columns = piece["computations"];
  Json rows = Json::array();
  std::int64_t ended = 0;
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    ended += columns[4][i].get<std::int64_t>();
    const std::int64_t begun = ended - columns[3][i].get<std::int64_t>();
    rows.push_back({columns[0][i], columns[1][i], columns[2][i], begun, ended});
  }
  return rows;
}

/// [[sender, receiver, phase, step, sent, received, verdict, bytes]] of a piece.
inline Json messages_of(const Json& piece) {
  const Json& columns = piece["messages"];
  Json rows = Json::array();
  std::int64_t received = 0;
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    received += columns[5][i].get<std::int64_t>();
    const std::int64_t sent = received - columns[4][i].get<std::int64_t>();
    rows.push_back({columns[0][i], columns[1][i], columns[2][i], columns[3][i], sent, received,
                    columns[6][i], columns[7][i]});
  }
  return rows;
}

/// Rows of all pieces by the time in column `time`; rows of one time in any order that is always
/// the same.
inline Json rows_of(const std::vector<Json>& blocks, Json (*of_piece)(const Json&),
                    std::size_t time) {
  std::vector<Json> rows;
  for (std::size_t i = 1; i < blocks.size(); ++i)
    for (const Json& row : of_piece(blocks[i])) rows.push_back(row);
  std::sort(rows.begin(), rows.end(), [time](const Json& a, const Json& b) {
    return a[time] != b[time] ? a[time] < b[time] : a < b;
  });
  return rows;
}

}  // namespace byzsim::process
