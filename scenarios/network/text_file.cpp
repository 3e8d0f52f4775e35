#include "scenarios/network/text_file.hpp"

#include "scenarios/problem.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace venturi {

namespace {

[[noreturn]] void fail(SourcePosition position, std::string message, std::string legal = {}) {
    throw ScenarioError(
        Problem{.position = std::move(position), .message = std::move(message), .legal = std::move(legal)});
}

}  // namespace

std::string read_text_file(const std::filesystem::path& file, std::uintmax_t most_bytes) {
    const SourcePosition position{.file = file.string()};
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) fail(position, "no such file");
    if (std::filesystem::is_directory(status)) fail(position, "is a directory", "the path of a file");
    if (!std::filesystem::is_regular_file(status)) fail(position, "is not a regular file");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) fail(position, fmt::format("can't be read: {}", error.message()));
    if (size > most_bytes)
        fail(position, fmt::format("{} bytes are too many", size),
             fmt::format("at most {} bytes", most_bytes));
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(text.data(), static_cast<std::streamsize>(size));
    if (!stream.is_open() || stream.bad()) fail(position, "can't be read");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

std::string without_byte_order_mark(std::string text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    return text;
}

void expect_text(const SourceText& source) {
    const std::string& text = source.text();
    auto position = text.begin();
    while (position != text.end()) {
        if (*position >= ' ' && *position != '\x7F') {  // of ASCII, which needs no decoding
            ++position;
            continue;
        }
        const auto start = position;
        const auto character = boost::locale::utf::utf_traits<char>::decode(position, text.end());
        const auto byte = static_cast<std::size_t>(start - text.begin());
        if (!boost::locale::utf::is_valid_codepoint(character))
            fail(source.at(byte), "not a text file: invalid UTF-8", "text in UTF-8");
        const bool is_white = character == '\t' || character == '\n' || character == '\r';
        if ((character < 0x20 && !is_white) || character == 0x7F)
            fail(source.at(byte), fmt::format("not a text file: character {:#04x}", character),
                 "text in UTF-8");
    }
}

}  // namespace venturi
