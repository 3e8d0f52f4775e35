// Named pieces of bytes in one file, each whole or not there, whatever ends the process.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

struct sqlite3;

namespace venturi {

/// A file of pieces by name; what was kept last under a name counts. It is a database of SQLite's, so that
/// pieces that were being written when the process was killed are as they were before. Not for several
/// threads at once. Throws ResultError where the file can't be read or written, or is none of ours.
class PieceFile {
  public:
    /// A new one that holds these pieces, in place of one that is there. It appears whole.
    [[nodiscard]] static PieceFile begin(const std::filesystem::path& path,
                                         const std::map<std::string, std::string>& pieces);
    /// One that is there.
    [[nodiscard]] static PieceFile open(const std::filesystem::path& path);

    [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
    /// All of them, or none where the process is killed meanwhile.
    void keep(const std::map<std::string, std::string>& pieces);

    /// Removes such a file, and what a process that was killed left beside it.
    static void remove(const std::filesystem::path& path);

  private:
    struct Close {
        void operator()(sqlite3* database) const;
    };

    PieceFile(const std::filesystem::path& path, int flags);
    void run(const std::string& statement) const;
    void put(const std::string& name, const std::string& bytes) const;
    [[noreturn]] void fail() const;

    std::filesystem::path path_;
    std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace venturi
