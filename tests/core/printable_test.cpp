// Text of any bytes as a terminal can show it.
#include "core/input/printable.h"

#include "tests/catch.h"

namespace byzsim::printable_test {

TEST_CASE("bytes that are no UTF-8 are shown as numbers, and characters stay") {
  CHECK(printable("z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x8e\xb2") ==
        "z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x8e\xb2");
  CHECK(printable("a\xff") == "a\\xff");
  CHECK(printable("\xc3") == "\\xc3");                             // cut
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond Unicode
  CHECK(printable("\xe2\x82z") == "\\xe2\\x82z");
}

TEST_CASE("control characters and turns of direction are shown as their numbers") {
  CHECK(printable("\x1b[1m\x7f") == "\\u001b[1m\\u007f");
  CHECK(printable(std::string("\0", 1)) == "\\u0000");
  CHECK(printable("\xc2\x9b") == "\\u009b");      // as dangerous as the escape above
  CHECK(printable("\xe2\x80\xae") == "\\u202e");  // from right to left
  CHECK(printable("\xe2\x81\xa6") == "\\u2066");
  CHECK(printable("a\nb\tc\r") == "a\\u000ab\\u0009c\\u000d");
  CHECK(printable("a\nb\tc\r", Keep::lines_and_tabs) == "a\nb\tc\\u000d");
}

TEST_CASE("text is printable when nothing of it must be shown otherwise") {
  CHECK(is_printable("z\xc3\xbcrich"));
  CHECK_FALSE(is_printable("a\n"));
  CHECK_FALSE(is_printable("\xff"));
}

}  // namespace byzsim::printable_test
