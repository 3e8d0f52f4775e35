// Bytes into a file, with every error of the disk noticed.
#pragma once

#include "analysis/report/checksum.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace venturi {

/// Writes one file through a buffer and keeps its SHA-256 on the way. Every failure, a full disk and a limit
/// on file sizes among them, throws ResultError; the file is then incomplete, and its owner removes it. Only
/// a file that was closed by `close` is on the disk.
class FileWriter {
  public:
    /// Creates the file, and throws where anything has its name, a link included: what is there already is
    /// never written into. Messages name it as `shown_as`, by default its path.
    explicit FileWriter(const std::filesystem::path& path, std::string shown_as = {});
    /// Takes over a descriptor that is open for writing.
    FileWriter(int descriptor, std::string shown_as);
    ~FileWriter();
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;
    FileWriter(FileWriter&&) = delete;
    FileWriter& operator=(FileWriter&&) = delete;

    void append(std::string_view bytes);

    /// Writes what is buffered, waits until the disk has it (fsync) and closes the file.
    FileDigest close();

  private:
    void flush();
    [[noreturn]] void fail(int error);
    void close_silently();

    std::string shown_as_;
    int descriptor_ = -1;
    std::string buffer_;
    Sha256 checksum_;
    std::uint64_t bytes_ = 0;
};

/// Waits until the disk has the entries of a folder; throws ResultError.
void synchronize_folder(const std::filesystem::path& folder);

}  // namespace venturi
