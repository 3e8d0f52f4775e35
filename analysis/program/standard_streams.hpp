// Standard output and standard error, with their errors noticed and their locale respected.
#pragma once

#include "analysis/program/program.hpp"

#include <cstdint>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace venturi {

/// What is written, and so how it is put where the locale knows ASCII alone.
enum class Content : std::uint8_t {
    text,  ///< for people: ascii_text
    json,  ///< ascii_json
    data,  ///< CSV, SVG, YAML: as it is
};

/// Bytes to a file descriptor. After an error it takes what it is given and writes nothing more.
class DescriptorBuffer : public std::streambuf {
  public:
    DescriptorBuffer(int descriptor, bool ascii) : descriptor_(descriptor), ascii_(ascii) {}

    /// Writes out what was given so far, as what it was, and takes the rest as `content`.
    void set_content(Content content);

    /// errno of the first write that failed; 0 where none did.
    [[nodiscard]] int error() const { return error_; }

  protected:
    int_type overflow(int_type character) override;
    std::streamsize xsputn(const char* text, std::streamsize count) override;
    int sync() override;

  private:
    void write_out(std::string_view bytes);

    int descriptor_;
    bool ascii_;
    Content content_ = Content::text;
    std::string held_;
    int error_ = 0;
};

/// From here on the stream takes `content`. Streams into memory take everything as it is.
void set_content(std::ostream& stream, Content content);

/// The errno of a stream that could not be written; 0 where all is well. Flushes it.
[[nodiscard]] int error_of(std::ostream& stream);

/// What a process does about its standard streams before anything else: a closed one is never taken over by
/// a file that is opened later, a reader who goes away is an error of writing and not the end (SIGPIPE), and
/// text keeps to the locale and to the width of the terminal. One for each process.
class StandardStreams {
  public:
    StandardStreams();
    ~StandardStreams();
    StandardStreams(const StandardStreams&) = delete;
    StandardStreams& operator=(const StandardStreams&) = delete;
    StandardStreams(StandardStreams&&) = delete;
    StandardStreams& operator=(StandardStreams&&) = delete;

    [[nodiscard]] Streams streams() { return {out_, err_}; }

  private:
    DescriptorBuffer out_buffer_;
    DescriptorBuffer err_buffer_;
    std::ostream out_;
    std::ostream err_;
};

}  // namespace venturi
