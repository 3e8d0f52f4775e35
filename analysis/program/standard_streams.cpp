#include "analysis/program/standard_streams.hpp"

#include "analysis/report/ascii_text.hpp"
#include "analysis/report/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

// Nobody can write into what takes the place of a closed descriptor: an error, as it should be.
void keep_places_taken() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

bool is_to_be_ascii() {
    keep_places_taken();
    return !is_utf8_locale();
}

// How many bytes of `text` are whole characters of UTF-8.
std::size_t whole_characters(std::string_view text) {
    constexpr std::size_t longest = 4;
    for (std::size_t back = 1; back <= std::min(longest, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0U) == 0x80U) continue;
        const std::size_t length = byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : byte >= 0xC0U ? 2 : 1;
        return length > back ? text.size() - back : text.size();
    }
    return text.size();
}

}  // namespace

void DescriptorBuffer::set_content(Content content) {
    sync();
    content_ = content;
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type character) {
    if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
    const char c = traits_type::to_char_type(character);
    return xsputn(&c, 1) == 1 ? character : traits_type::eof();
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize count) {
    constexpr std::size_t most_held = std::size_t{1} << 16;
    if (error_ != 0) return 0;
    held_.append(text, static_cast<std::size_t>(count));
    if (held_.size() >= most_held) {
        const std::size_t whole = whole_characters(held_);
        const std::string rest = held_.substr(whole);
        held_.resize(whole);
        if (sync() != 0) return 0;
        held_ = rest;
    }
    return count;
}

int DescriptorBuffer::sync() {
    const std::string bytes = std::exchange(held_, {});
    if (error_ != 0) return -1;
    if (!ascii_ || content_ == Content::data)
        write_out(bytes);
    else
        write_out(content_ == Content::json ? ascii_json(bytes) : ascii_text(bytes));
    return error_ == 0 ? 0 : -1;
}

void DescriptorBuffer::write_out(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            error_ = errno;
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void set_content(std::ostream& stream, Content content) {
    if (auto* const buffer = dynamic_cast<DescriptorBuffer*>(stream.rdbuf())) buffer->set_content(content);
}

int error_of(std::ostream& stream) {
    stream.flush();
    const auto* const buffer = dynamic_cast<DescriptorBuffer*>(stream.rdbuf());
    if (buffer != nullptr && buffer->error() != 0) return buffer->error();
    return stream ? 0 : EIO;
}

StandardStreams::StandardStreams()
    : out_buffer_(STDOUT_FILENO, is_to_be_ascii()),
      err_buffer_(STDERR_FILENO, !is_utf8_locale()),
      out_(&out_buffer_),
      err_(&err_buffer_) {
    (void)std::signal(SIGPIPE, SIG_IGN);
    err_.setf(std::ios::unitbuf);
    err_.tie(&out_);
    set_text_limits(text_limits_of(STDOUT_FILENO));
}

StandardStreams::~StandardStreams() {
    out_.flush();
    err_.flush();
}

}  // namespace venturi
