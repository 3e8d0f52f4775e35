#include "scenarios/network/text_file.hpp"

#include "scenarios/problem.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

[[noreturn]] void fail(SourcePosition position, std::string message, std::string legal = {}) {
    throw ScenarioError(
        Problem{.position = std::move(position), .message = std::move(message), .legal = std::move(legal)});
}

std::string text_of(int error) {
    return std::generic_category().message(error);
}

/// A file that is closed when it goes.
class OpenFile {
  public:
    explicit OpenFile(int number) : number_(number) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile(OpenFile&&) = delete;
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

}  // namespace

std::string read_text_file(const std::filesystem::path& file, std::uintmax_t most_bytes) {
    const SourcePosition position{.file = file.string()};
    // Opened without waiting for a pipe's other end, and asked what it is when it can't change any more.
    const OpenFile opened(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    const int error = errno;
    if (opened.number() < 0 && error == ENOENT) fail(position, "no such file");
    if (opened.number() < 0 && error == ENXIO) fail(position, "is not a regular file");
    if (opened.number() < 0) fail(position, fmt::format("can't be read: {}", text_of(error)));
    struct stat status = {};
    if (::fstat(opened.number(), &status) != 0)
        fail(position, fmt::format("can't be read: {}", text_of(errno)));
    if (S_ISDIR(status.st_mode)) fail(position, "is a directory", "the path of a file");
    if (!S_ISREG(status.st_mode)) fail(position, "is not a regular file");
    const auto size = static_cast<std::uintmax_t>(status.st_size);
    if (size > most_bytes)
        fail(position, fmt::format("{} bytes are too many", size),
             fmt::format("at most {} bytes", most_bytes));
    std::string text(static_cast<std::size_t>(size), '\0');
    std::size_t at = 0;
    while (at < text.size()) {
        const ssize_t count = ::read(opened.number(), text.data() + at, text.size() - at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(position, fmt::format("can't be read: {}", text_of(errno)));
        if (count == 0) break;
        at += static_cast<std::size_t>(count);
    }
    text.resize(at);
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
